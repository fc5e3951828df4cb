import { describe, expect, it } from 'vitest'
import { holds } from '../../../../shared/domain/task/condition.ts'
import { isLookDue, markLooked, reviveTask } from '../../../../shared/domain/task/quiet-look.ts'
import type { Task } from '../../../../shared/domain/task/task.ts'
import { changed, type TaskChange, updated } from '../../../../shared/domain/task/task-change.ts'
import { aFault } from '../../../support/health.ts'
import { sampleTask } from '../../../support/sample-task.ts'

const HOUR_MS = 3_600_000
const AT = '2026-03-01T12:00:00.000Z'
const AT_MS = Date.parse(AT)

const HALTED = sampleTask({
  state: 'Error',
  halted: true,
  version: 1,
  introspected: 1,
  cursor: 'c',
  error: aFault({ at: AT }),
})

const halted = (change: TaskChange = {}): Task => changed(HALTED, change)

const isDue = (task: Task, hours: number, everyMs = HOUR_MS) =>
  isLookDue(task, AT_MS + hours * HOUR_MS, everyMs)

describe('a look at a task with a configuration error', () => {
  it.each([401, 403, 404])('of code %i is due an hour after the error, and not before', code => {
    const task = halted({ error: aFault({ at: AT, code }) })
    expect(isLookDue(task, AT_MS + HOUR_MS - 1, HOUR_MS)).toBe(false)
    expect(isLookDue(task, AT_MS + HOUR_MS, HOUR_MS)).toBe(true)
  })

  it('is due an hour after the last one', () => {
    const task = halted({ lookedMs: AT_MS + 3 * HOUR_MS })
    expect(isDue(task, 3.99)).toBe(false)
    expect(isDue(task, 4)).toBe(true)
  })

  it('is never due if looks are turned off', () => {
    expect(isDue(halted(), 1000, 0)).toBe(false)
  })

  it.each<[string, TaskChange]>([
    ['that waits for a destination', { error: aFault({ at: AT, code: 401, where: 'destination' }) }],
    ['whose start was refused', { error: aFault({ at: AT, code: 400 }) }],
    [
      'that was given up',
      { episode: { id: 'e', startedMs: 1, deadlineMs: 2, nextRetryMs: 1, attempts: 1, quitMs: 3 } },
    ],
    ['that is parked', { state: 'Pending', error: undefined }],
    ['that is being deleted', { state: 'Stopping' }],
    ['that shows no error', { error: undefined }],
    ['that is collected', { state: 'Collecting', halted: undefined, error: undefined }],
  ])('is not due for one %s', (_what, change) => {
    expect(isDue(halted(change), 1000)).toBe(false)
  })

  it('comes once a day if the last one restarted the task in vain', () => {
    const relapsed = halted({ lookedMs: AT_MS - 60_000 })
    expect(isDue(relapsed, 23.99)).toBe(false)
    expect(isDue(relapsed, 24)).toBe(true)
    const sinceSuccess = { ...relapsed, lastSuccessAt: new Date(AT_MS - 30_000).toISOString() }
    expect(isDue(sinceSuccess, 1)).toBe(true)
    const beforeLook = { ...relapsed, lastSuccessAt: new Date(AT_MS - 60_000).toISOString() }
    expect(isDue(beforeLook, 1)).toBe(false)
    const atOnce = halted({ lookedMs: AT_MS })
    expect(isDue(atOnce, 1)).toBe(true)
  })
})

describe('what a look does to a task', () => {
  const marked = updated(halted(), markLooked(halted(), AT_MS + HOUR_MS).update)
  const revival = reviveTask(marked, '2026-03-01T13:01:00.000Z', undefined)

  it('is noted once, whoever asks', () => {
    expect(updated(halted(), markLooked(halted(), AT_MS + HOUR_MS).update)).toEqual(marked)
    expect(marked).toEqual(halted({ lookedMs: AT_MS + HOUR_MS }))
    expect(holds(markLooked(halted(), AT_MS).guard, halted())).toBe(true)
    expect(holds(markLooked(halted(), AT_MS).guard, marked)).toBe(false)
  })

  it('restarts it, introspects it again, and keeps its cursor', () => {
    const { halted: _, error: __, introspected: ___, ...kept } = marked
    expect(holds(revival.guard, marked)).toBe(true)
    expect(updated(marked, revival.update)).toEqual({
      ...kept,
      state: 'Pending',
      stateSince: '2026-03-01T13:01:00.000Z',
      reachedMs: { Pending: Date.parse('2026-03-01T13:01:00Z') },
    })
  })

  it.each<[string, TaskChange]>([
    ['was restarted by its user', { halted: undefined, state: 'Pending' }],
    ['was looked at again', { lookedMs: AT_MS + 2 * HOUR_MS }],
    ['is being deleted', { state: 'Stopping' }],
    ['has another health', { health: { changes: 1 } }],
  ])('is nothing if it %s', (_what, change) => {
    expect(holds(revival.guard, changed(marked, change))).toBe(false)
  })

  it('is nothing if a run has leased it since', () => {
    expect(holds(revival.guard, { ...marked, fence: 1 })).toBe(false)
  })
})
