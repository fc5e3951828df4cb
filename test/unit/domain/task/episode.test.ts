import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Episode,
  failedAgain,
  givenUp,
  isOpen,
  opened,
  toOpenedEvent,
} from '../../../../shared/domain/task/episode.ts'
import { findOverdueWork } from '../../../../shared/domain/task/life.ts'

const START_MS = Date.parse('2026-03-01T12:00:00Z')
const MINUTE_MS = 60_000
const DEADLINE_MS = START_MS + 90 * MINUTE_MS

const first = (retryAfterMs?: number): Episode => opened('e1', { atMs: START_MS, retryAfterMs })

/** Failed runs that take no time, each at the time of the retry, until the task is given up. */
function runsUntilQuit(): { readonly atMs: number[]; readonly last: Episode } {
  const atMs = [START_MS]
  let episode = first()
  while (isOpen(episode) && atMs.length < 100) {
    atMs.push(episode.nextRetryMs)
    episode = failedAgain(episode, { atMs: episode.nextRetryMs })
  }
  return { atMs, last: episode }
}

describe('an episode', () => {
  it('begins with the first failed run and ends 90 minutes later', () => {
    expect(first()).toEqual({
      id: 'e1',
      startedMs: START_MS,
      deadlineMs: DEADLINE_MS,
      attempts: 1,
      nextRetryMs: START_MS + MINUTE_MS,
    })
  })

  it('is retried after 1, 2 and 4 minutes, then every 5, and a last time at the deadline', () => {
    const { atMs, last } = runsUntilQuit()
    const everyFive = Array.from({ length: 17 }, (_, i) => 7 + 5 * i)
    expect(atMs.map(ms => (ms - START_MS) / MINUTE_MS)).toEqual([0, 1, 3, ...everyFive, 90])
    expect(last).toMatchObject({ attempts: 21, quitMs: DEADLINE_MS })
  })

  it.each([
    ['longer than the back-off waits for the Retry-After', 61_000, 61_000],
    ['as long as the back-off waits that long', 60_000, 60_000],
    ['shorter than the back-off waits for the back-off', 5_000, 60_000],
    ['past the deadline waits until the deadline', 91 * MINUTE_MS, 90 * MINUTE_MS],
    ['without end waits until the deadline', Number.POSITIVE_INFINITY, 90 * MINUTE_MS],
    ['missing waits for the back-off', undefined, 60_000],
  ])('whose Retry-After is %s', (_name, retryAfterMs, waitMs) => {
    expect(first(retryAfterMs).nextRetryMs - START_MS).toBe(waitMs)
    expect(failedAgain({ ...first(), attempts: 0 }, { atMs: START_MS, retryAfterMs }).nextRetryMs).toBe(
      START_MS + waitMs,
    )
  })

  it.each([
    [-1, undefined, DEADLINE_MS],
    [0, DEADLINE_MS, undefined],
    [1, DEADLINE_MS + 1, undefined],
  ])('whose run fails at the deadline plus %i ms is given up at %s', (fromDeadline, quitMs, nextRetryMs) => {
    const after = failedAgain(first(), { atMs: DEADLINE_MS + fromDeadline })
    expect(after.quitMs).toBe(quitMs)
    expect(isOpen(after)).toBe(quitMs === undefined)
    if (nextRetryMs !== undefined) expect(after.nextRetryMs).toBe(nextRetryMs)
  })

  it('keeps its id, start, deadline and claim through every failure', () => {
    const claimed = { ...first(), execution: 'x' }
    for (const atMs of [START_MS + 1, DEADLINE_MS]) {
      const { id, startedMs, deadlineMs, execution } = failedAgain(claimed, { atMs })
      expect([id, startedMs, deadlineMs, execution]).toEqual(['e1', START_MS, DEADLINE_MS, 'x'])
    }
  })

  it('is open until it is given up', () => {
    expect(isOpen(first())).toBe(true)
    expect(isOpen(givenUp(first(), DEADLINE_MS))).toBe(false)
    expect(isOpen(undefined)).toBe(false)
  })

  it('is published with its task and its id, and nothing else', () => {
    const task = { collectorId: 1, sourceId: 2, api: 'sign-in', cursor: 'c' } as const
    expect(toOpenedEvent(task, first())).toEqual({
      collectorId: 1,
      sourceId: 2,
      api: 'sign-in',
      episode: 'e1',
    })
  })
})

const SECOND_MS = 1000
const CLAIMED = { ...first(), execution: 'x' }

describe('a tick', () => {
  it.each<[string, Episode, number, ReturnType<typeof findOverdueWork>]>([
    ['lets an episode be claimed for a minute', first(), START_MS + MINUTE_MS - 1, undefined],
    ['finds it unclaimed after that', first(), START_MS + MINUTE_MS, 'claimMissing'],
    ['finds it unclaimed up to the end', first(), DEADLINE_MS + 120 * SECOND_MS - 1, 'claimMissing'],
    ['leaves a claimed one to its execution', CLAIMED, START_MS + MINUTE_MS, undefined],
    [
      'waits for the run that is due, and a minute',
      CLAIMED,
      START_MS + MINUTE_MS + 315 * SECOND_MS - 1,
      undefined,
    ],
    ['finds its execution lost after that', CLAIMED, START_MS + MINUTE_MS + 315 * SECOND_MS, 'executionLost'],
    [
      'waits for the last run',
      { ...CLAIMED, nextRetryMs: DEADLINE_MS },
      DEADLINE_MS + 120 * SECOND_MS - 1,
      undefined,
    ],
    [
      'finds it overdue two minutes after the deadline',
      { ...CLAIMED, nextRetryMs: DEADLINE_MS },
      DEADLINE_MS + 120 * SECOND_MS,
      'episodeOverdue',
    ],
    [
      'finds it overdue, claimed or not',
      { ...first(), nextRetryMs: DEADLINE_MS },
      DEADLINE_MS + 120 * SECOND_MS,
      'episodeOverdue',
    ],
  ])('%s', (_name, episode, nowMs, work) => {
    expect(findOverdueWork({ state: 'Error', episode }, nowMs)).toBe(work)
  })
})

const run = fc.record({
  /** How late the state machine begins it, and how long it takes until its failure is recorded. */
  lateMs: fc.nat(30 * SECOND_MS),
  tookMs: fc.nat(240 * SECOND_MS),
  retryAfterMs: fc.option(fc.nat(100 * MINUTE_MS), { nil: undefined }),
  lookedAt: fc.double({ min: 0, max: 1, noNaN: true }),
})

describe('an episode with any sequence of failures', () => {
  it('never waits past its deadline, ends, and is given up by the first failure at or after the deadline', () => {
    fc.assert(
      fc.property(fc.array(run, { minLength: 120, maxLength: 120 }), runs => {
        let episode = first()
        for (const { lateMs, tookMs, retryAfterMs } of runs) {
          const atMs = episode.nextRetryMs + lateMs + tookMs
          const after = failedAgain(episode, { atMs, retryAfterMs })
          expect(after.attempts).toBe(episode.attempts + 1)
          expect(after.quitMs).toBe(atMs >= DEADLINE_MS ? atMs : undefined)
          if (!isOpen(after)) return
          expect(after.nextRetryMs).toBeLessThanOrEqual(DEADLINE_MS)
          expect(after.nextRetryMs).toBeGreaterThan(atMs)
          episode = after
        }
        throw new Error('it does not end')
      }),
    )
  })

  it('is not overdue while its execution makes the runs in time', () => {
    const inTime = run.map(each => ({ ...each, lateMs: each.lateMs % (15 * SECOND_MS) }))
    fc.assert(
      fc.property(fc.array(inTime, { minLength: 120, maxLength: 120 }), runs => {
        let episode: Episode = CLAIMED
        let fromMs = START_MS
        for (const { lateMs, tookMs, retryAfterMs, lookedAt } of runs) {
          const endMs = Math.min(episode.nextRetryMs + lateMs + tookMs, DEADLINE_MS + 105 * SECOND_MS)
          for (const atMs of [fromMs, fromMs + lookedAt * (endMs - fromMs), endMs])
            expect(findOverdueWork({ state: 'Error', episode }, atMs)).toBeUndefined()
          episode = failedAgain(episode, { atMs: endMs, retryAfterMs })
          fromMs = endMs
          if (!isOpen(episode)) return
        }
      }),
    )
  })
})
