import { describe, expect, it } from 'vitest'
import { silentSinceMs } from '../../../../shared/domain/task/silence.ts'
import type { Task } from '../../../../shared/domain/task/task.ts'
import { sampleTask } from '../../../support/sample-task.ts'

const NOW_MS = Date.parse('2026-03-01T12:00:00Z')
const LIMIT_MS = 600_000

const at = (agoMs: number): string => new Date(NOW_MS - agoMs).toISOString()

const EPISODE = { id: 'e', startedMs: NOW_MS - 2_000_000, deadlineMs: NOW_MS, attempts: 4, nextRetryMs: 0 }
const ERROR = { type: 'ThirdPartyGeneric', code: 503, info: '', at: at(2_000_000) } as const

/** A task that has said nothing for days, but for what the test adds. */
const quiet = (change: Partial<Task> = {}): Task =>
  sampleTask({ createdAt: at(9e8), stateSince: at(8e8), state: 'Collecting', ...change })

describe('the silence of a task', () => {
  it.each([
    ['a run that ended well', (ms: number) => ({ lastSuccessAt: at(ms) })],
    ['a run that began', (ms: number) => ({ leaseOwner: 'run', leaseSinceMs: NOW_MS - ms })],
    ['a change of its state', (ms: number) => ({ stateSince: at(ms) })],
    ['its creation', (ms: number) => ({ createdAt: at(ms) })],
  ])('begins two ticks after %s', (_, spoken) => {
    expect(silentSinceMs(quiet(spoken(LIMIT_MS - 1)), NOW_MS)).toBeUndefined()
    expect(silentSinceMs(quiet(spoken(LIMIT_MS)), NOW_MS)).toBe(NOW_MS - LIMIT_MS)
    expect(silentSinceMs(quiet(spoken(LIMIT_MS + 1)), NOW_MS)).toBe(NOW_MS - LIMIT_MS - 1)
  })

  it('begins two ticks after the next retry, while a task is retried', () => {
    const retried = (nextRetryMs: number) =>
      quiet({ state: 'Error', error: ERROR, episode: { ...EPISODE, nextRetryMs } })
    expect(silentSinceMs(retried(NOW_MS - LIMIT_MS + 1), NOW_MS)).toBeUndefined()
    expect(silentSinceMs(retried(NOW_MS - LIMIT_MS), NOW_MS)).toBe(Date.parse(ERROR.at))
  })

  it.each([
    ['it waits for its user', { state: 'Error', halted: true, error: ERROR }],
    ['it was given up', { state: 'Error', halted: true, error: ERROR, episode: { ...EPISODE, quitMs: 1 } }],
    ['the source no longer has its API', { state: 'Pending', halted: true }],
    ['the source is being deleted', { state: 'Stopping' }],
  ] as const)('is none if %s', (_, change) => {
    expect(silentSinceMs(quiet(change), NOW_MS)).toBeUndefined()
  })

  it('is none if the last word is of a clock that is ahead', () => {
    expect(silentSinceMs(quiet({ lastSuccessAt: at(-9e8) }), NOW_MS)).toBeUndefined()
  })
})
