import type { EpisodeOpened, TaskAddress } from '../../contract/events.ts'
import { EPISODE_MINUTES } from '../../contract/timing.ts'

/**
 * From the first failed run of a task until it recovers, is stopped or is given up. Kept with the task, so that whoever
 * acts on it (the state machine, a tick) acts on the same. Times are epoch milliseconds.
 */
export interface Episode {
  readonly id: string
  /** The first failed run. */
  readonly startedMs: number
  readonly deadlineMs: number
  /** Failed runs so far. */
  readonly attempts: number
  readonly nextRetryMs: number
  /** The execution of the state machine that has claimed it. */
  readonly execution?: string
  /** When it was given up: no run follows until the source is updated or restarted. */
  readonly quitMs?: number
}

const MINUTE_MS = 60_000
const LONGEST_BACK_OFF_MINUTES = 5

/** Between runs: from 1 minute doubling to 5. `attempts` counts the failed runs from 1. */
const backOffMs = (attempts: number): number =>
  Math.min(2 ** (attempts - 1), LONGEST_BACK_OFF_MINUTES) * MINUTE_MS

/** A failed run, as far as the next one depends on it. */
export interface FailedRun {
  readonly atMs: number
  /** What 1Password asked to wait, in milliseconds. @default 0 */
  readonly retryAfterMs?: number | undefined
}

function nextRetryMs(attempts: number, deadlineMs: number, { atMs, retryAfterMs = 0 }: FailedRun): number {
  return Math.min(atMs + Math.max(backOffMs(attempts), retryAfterMs), deadlineMs)
}

export function opened(id: string, run: FailedRun): Episode {
  const deadlineMs = run.atMs + EPISODE_MINUTES * MINUTE_MS
  return { id, startedMs: run.atMs, deadlineMs, attempts: 1, nextRetryMs: nextRetryMs(1, deadlineMs, run) }
}

/** After another failed run: a run that failed at the deadline or later was the last. */
export function failedAgain(episode: Episode, run: FailedRun): Episode {
  const attempts = episode.attempts + 1
  if (run.atMs >= episode.deadlineMs) return { ...episode, attempts, quitMs: run.atMs }
  return { ...episode, attempts, nextRetryMs: nextRetryMs(attempts, episode.deadlineMs, run) }
}

/** Nobody may wait for a run any longer. */
export const givenUp = (episode: Episode, nowMs: number): Episode => ({ ...episode, quitMs: nowMs })

/** In an episode a task is the state machine's: no tick dispatches it. */
export const isOpen = (episode: Episode | undefined): episode is Episode =>
  episode !== undefined && episode.quitMs === undefined

/** The event that has the retry state machine take up an episode. */
export const toOpenedEvent = (
  { collectorId, sourceId, api }: TaskAddress,
  { id }: Episode,
): EpisodeOpened => ({
  collectorId,
  sourceId,
  api,
  episode: id,
})
