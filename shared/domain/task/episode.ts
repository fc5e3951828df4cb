import type { EpisodeOpened, TaskAddress } from '../../contract/events.ts'
import { EPISODE_MINUTES } from '../../contract/timing.ts'

/**
 * An episode lasts from the first failed run of a task until the task recovers, is stopped or is given up. It is stored
 * with the task, where the state machine and the ticks find it. Times are epoch milliseconds.
 */
export interface Episode {
  readonly id: string
  /** When the first run failed. */
  readonly startedMs: number
  readonly deadlineMs: number
  /** Failed runs so far. */
  readonly attempts: number
  readonly nextRetryMs: number
  /** The execution of the state machine that has claimed it. */
  readonly execution?: string
  /** When the task was given up. No run follows until the source is updated or restarted. */
  readonly quitMs?: number
}

const MINUTE_MS = 60_000
const LONGEST_BACK_OFF_MINUTES = 5

/** Returns the wait before the next run: 1, 2, 4 and then 5 minutes. `attempts` counts the failed runs from 1. */
const backOffMs = (attempts: number): number =>
  Math.min(2 ** (attempts - 1), LONGEST_BACK_OFF_MINUTES) * MINUTE_MS

/** A failed run, as far as the time of the next run depends on it. */
interface FailedRun {
  readonly atMs: number
  /** How long 1Password asked to wait, in milliseconds. @default 0 */
  readonly retryAfterMs?: number | undefined
}

function nextRetryMs(attempts: number, deadlineMs: number, { atMs, retryAfterMs = 0 }: FailedRun): number {
  return Math.min(atMs + Math.max(backOffMs(attempts), retryAfterMs), deadlineMs)
}

export function opened(id: string, run: FailedRun): Episode {
  const deadlineMs = run.atMs + EPISODE_MINUTES * MINUTE_MS
  return { id, startedMs: run.atMs, deadlineMs, attempts: 1, nextRetryMs: nextRetryMs(1, deadlineMs, run) }
}

/** Returns the episode after another failed run. A run that fails at the deadline or later is the last one. */
export function failedAgain(episode: Episode, run: FailedRun): Episode {
  const attempts = episode.attempts + 1
  if (run.atMs >= episode.deadlineMs) return { ...episode, attempts, quitMs: run.atMs }
  return { ...episode, attempts, nextRetryMs: nextRetryMs(attempts, episode.deadlineMs, run) }
}

/** Returns the episode after it was given up, because nobody waits for a run any longer. */
export const givenUp = (episode: Episode, nowMs: number): Episode => ({ ...episode, quitMs: nowMs })

/** Whether an episode is open. Meanwhile the state machine retries the task, and no tick dispatches it. */
export const isOpen = (episode: Episode | undefined): episode is Episode =>
  episode !== undefined && episode.quitMs === undefined

/** Creates the event that starts an execution of the retry state machine for an episode. */
export const toOpenedEvent = (
  { collectorId, sourceId, api }: TaskAddress,
  { id }: Episode,
): EpisodeOpened => ({
  collectorId,
  sourceId,
  api,
  episode: id,
})
