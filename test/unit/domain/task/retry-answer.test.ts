import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Episode, failedAgain, givenUp, opened } from '../../../../shared/domain/task/episode.ts'
import { retryAnswer } from '../../../../shared/domain/task/retry-answer.ts'
import type { Task } from '../../../../shared/domain/task/task.ts'
import { aFault } from '../../../support/health.ts'
import { sampleTask } from '../../../support/sample-task.ts'

const START_MS = Date.parse('2026-03-01T12:00:00Z')
const DEADLINE_MS = START_MS + 90 * 60_000
const OURS = { episode: 'e1', execution: 'x1' }
const EPISODE: Episode = { ...opened('e1', { atMs: START_MS }), execution: 'x1' }
const ERROR = aFault({ type: 'ThirdPartyGeneric', code: 503, info: '503: down' })

const failing = (episode: Partial<Episode> = {}, change: Partial<Task> = {}): Task =>
  sampleTask({ state: 'Error', error: ERROR, episode: { ...EPISODE, ...episode }, ...change })

const TOLD = {
  attempts: 1,
  deadline: '2026-03-01T13:30:00.000Z',
  error: 'ThirdPartyGenericError',
  cause: '503: down',
}

describe('the answer to a step', () => {
  it.each<[string, Task | undefined, object]>([
    ['the task is gone', undefined, { outcome: 'stopped' }],
    ['the source is being deleted', failing({}, { state: 'Stopping' }), { outcome: 'stopped' }],
    ['the task collects again', sampleTask({ state: 'Collecting' }), { outcome: 'recovered' }],
    ['the source was updated or restarted', sampleTask({ state: 'Pending' }), { outcome: 'stopped' }],
    [
      'the error waits for the user',
      sampleTask({ state: 'Error', halted: true, error: aFault() }),
      { outcome: 'stopped' },
    ],
    ['another episode has begun', failing({ id: 'e2' }), { outcome: 'stopped' }],
    ['another execution has it', failing({ execution: 'x2' }), { outcome: 'taken' }],
    [
      'it was given up',
      failing(givenUp(EPISODE, DEADLINE_MS), { halted: true }),
      { outcome: 'quit', ...TOLD },
    ],
    [
      'it was given up, whoever had it',
      failing({ ...givenUp(EPISODE, DEADLINE_MS), execution: 'x2' }),
      { outcome: 'quit', ...TOLD },
    ],
    [
      'it is to be collected again',
      failing(),
      {
        outcome: 'retry',
        nextRetry: '2026-03-01T12:01:00.000Z',
        waitSeconds: 60,
        timeoutSeconds: 255,
        ...TOLD,
      },
    ],
  ])('when %s', (_name, task, answer) => {
    expect(retryAnswer(task, OURS, { nowMs: START_MS })).toEqual(answer)
  })

  it('is `taken` to an execution whose claim was taken from it', () => {
    const { execution: _, ...unclaimed } = EPISODE
    expect(retryAnswer({ ...failing(), episode: unclaimed }, OURS, { nowMs: START_MS })).toEqual({
      outcome: 'taken',
    })
  })

  it('names an error even if the task shows none', () => {
    const { error: _, ...task } = failing()
    expect(retryAnswer(task, OURS, { nowMs: START_MS })).toMatchObject({
      error: 'FirstPartyGenericError',
      cause: '',
    })
  })

  it.each([
    ['is after the next retry: the run is due at that time', START_MS + 90_000, '2026-03-01T12:01:30.000Z'],
    ['is before the next retry: the run is due at the next retry', START_MS, '2026-03-01T12:01:00.000Z'],
    [
      'is past the deadline: the run is due at that time, because the last run may be in progress',
      DEADLINE_MS + 15_000,
      '2026-03-01T13:30:15.000Z',
    ],
  ])('asks for the next run; the earliest time for it %s', (_name, notBeforeMs, nextRetry) => {
    expect(retryAnswer(failing(), OURS, { nowMs: START_MS, notBeforeMs })).toMatchObject({
      outcome: 'retry',
      nextRetry,
    })
  })

  it.each([
    [-1, 61],
    [0, 60],
    [1, 60],
    [999, 60],
    [1000, 59],
    [60_000, 0],
    [600_000, 0],
  ])(
    'waits whole seconds, never too few, by the clock that says it is %i ms later: %i',
    (ms, waitSeconds) => {
      expect(retryAnswer(failing(), OURS, { nowMs: START_MS + ms })).toMatchObject({ waitSeconds })
    },
  )

  it.each([
    [0, 105],
    [90, 195],
    [150, 255],
    [151, 255],
    [3600, 255],
  ])('gives a run %i s before the deadline a time-out of %i s', (before, timeoutSeconds) => {
    const nextRetryMs = DEADLINE_MS - before * 1000
    expect(retryAnswer(failing({ nextRetryMs }), OURS, { nowMs: START_MS })).toMatchObject({ timeoutSeconds })
  })

  it.each([
    [1, 104],
    [90, 15],
    [104, 1],
    [105, 1],
    [300, 1],
  ])(
    'gives a run whose time is past a time-out by now: %i s after the deadline %i s',
    (after, timeoutSeconds) => {
      const nowMs = DEADLINE_MS + after * 1000
      expect(retryAnswer(failing({ nextRetryMs: DEADLINE_MS }), OURS, { nowMs })).toMatchObject({
        timeoutSeconds,
      })
    },
  )

  it('never lets a run last longer than the grace after the deadline, and always gives it some time', () => {
    const fails = fc.array(fc.record({ tookMs: fc.nat(255_000), retryAfterMs: fc.nat(5_000_000) }))
    fc.assert(
      fc.property(fails, fc.nat(90 * 60_000), (runs, notBefore) => {
        let episode = EPISODE
        for (const { tookMs, retryAfterMs } of runs)
          episode = failedAgain(episode, { atMs: episode.nextRetryMs + tookMs, retryAfterMs })
        const answer = retryAnswer(failing(episode), OURS, {
          nowMs: START_MS,
          notBeforeMs: START_MS + notBefore,
        })
        if (answer.outcome === 'quit') return
        const { nextRetry = '', timeoutSeconds = 0 } = answer
        expect(Number.isInteger(timeoutSeconds)).toBe(true)
        expect(timeoutSeconds).toBeGreaterThanOrEqual(105)
        expect(timeoutSeconds).toBeLessThanOrEqual(255)
        expect(Date.parse(nextRetry)).toBeLessThanOrEqual(DEADLINE_MS)
        expect(Date.parse(nextRetry) + timeoutSeconds * 1000).toBeLessThan(DEADLINE_MS + 120_000)
      }),
    )
  })
})
