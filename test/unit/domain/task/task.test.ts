import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueReason } from '../../../../shared/domain/task/life.ts'
import type { TaskState } from '../../../../shared/domain/task/task.ts'
import { changed } from '../../../../shared/domain/task/task-change.ts'
import { sampleTask } from '../../../support/sample-task.ts'

const NOW_MS = Date.parse('2026-03-01T12:00:00Z')
const STATES: TaskState[] = [
  'Pending',
  'Started',
  'Initialized',
  'Authenticated',
  'Collecting',
  'Error',
  'Stopping',
]

describe('a tick', () => {
  it.each(STATES.filter(state => state !== 'Stopping'))('dispatches a task that is %s', state => {
    expect(dueReason(sampleTask({ state }), NOW_MS)).toBe('tick')
  })

  it.each([
    ['is Stopping', { state: 'Stopping' as const }],
    ['is halted', { state: 'Error' as const, halted: true }],
    ['is leased', { leaseOwner: 'run', leaseExpiresMs: NOW_MS + 1 }],
    ['is halted with a lease left behind', { halted: true, leaseOwner: 'run', leaseExpiresMs: 1 }],
    [
      'is Stopping with a lease left behind',
      { state: 'Stopping' as const, leaseOwner: 'run', leaseExpiresMs: 1 },
    ],
  ])('does not dispatch a task that %s', (_name, change) => {
    expect(dueReason(sampleTask(change), NOW_MS)).toBeUndefined()
  })

  it.each([NOW_MS, NOW_MS - 1, 0])(
    'dispatches a task whose lease ended at %i as abandoned',
    leaseExpiresMs => {
      expect(dueReason(sampleTask({ leaseOwner: 'run', leaseExpiresMs }), NOW_MS)).toBe('abandoned')
    },
  )

  it('dispatches every task but the halted, the Stopping and the leased', () => {
    const task = fc
      .record({
        state: fc.constantFrom(...STATES),
        halted: fc.constantFrom(undefined, true),
        lease: fc.option(fc.integer({ min: NOW_MS - 2, max: NOW_MS + 2 }), { nil: undefined }),
      })
      .map(({ state, halted, lease }) =>
        changed(sampleTask({ state }), {
          halted,
          ...(lease !== undefined && { leaseOwner: 'run', leaseExpiresMs: lease }),
        }),
      )
    fc.assert(
      fc.property(task, candidate => {
        const leased = candidate.leaseOwner !== undefined && (candidate.leaseExpiresMs ?? 0) > NOW_MS
        const left = candidate.halted === true || candidate.state === 'Stopping' || leased
        const reason = candidate.leaseOwner === undefined ? 'tick' : 'abandoned'
        expect(dueReason(candidate, NOW_MS)).toBe(left ? undefined : reason)
      }),
    )
  })
})
