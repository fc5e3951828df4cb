import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changed } from '../../../shared/domain/progress.ts'
import { resetChain } from '../../../shared/domain/reset.ts'
import { sampleTask } from '../../support/sample-task.ts'

describe('a refused cursor', () => {
  it('begins a new chain ten minutes before the last event, in whole seconds, and remembers what lies there', () => {
    const task = sampleTask({
      cursor: 'refused',
      lastEventTime: '2026-03-01T12:00:00.987654321Z',
      lastObjectKey: 'k',
    })
    const after = changed(task, resetChain(task, '2026-03-02'))
    expect(after).toEqual(
      sampleTask({
        chain: 2,
        startTime: '2026-03-01T11:50:00Z',
        partition: '2026-03-02',
        lastEventTime: '2026-03-01T12:00:00.987654321Z',
        lastObjectKey: 'k',
        overlap: { from: '2026-03-01T11:50:00Z', lastObjectKey: 'k' },
      }),
    )
    expect(after).not.toHaveProperty('cursor')
  })

  it('begins at the chain’s own start when nothing was delivered yet', () => {
    const task = sampleTask({ cursor: 'refused' })
    expect(changed(task, resetChain(task, '2026-03-01'))).toEqual(
      sampleTask({ chain: 2, partition: '2026-03-01' }),
    )
  })

  it('never goes back behind the start of the source: what was before it is not its own', () => {
    const second = fc.integer({ min: 0, max: 3600 })
    fc.assert(
      fc.property(second, fc.array(second, { maxLength: 4 }), (first, later) => {
        const startMs = Date.parse('2026-02-28T00:00:00Z')
        let task = sampleTask({ lastObjectKey: 'k' })
        for (const seconds of [first, ...later]) {
          const lastEventTime = new Date(startMs + seconds * 1000).toISOString()
          task = changed(task, { lastEventTime })
          task = changed(task, resetChain(task, '2026-03-01'))
          expect(Date.parse(task.startTime)).toBeGreaterThanOrEqual(startMs)
          expect(task.overlap?.from).toBe(task.startTime)
        }
      }),
    )
  })
})
