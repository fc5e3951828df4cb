import type { RetryAnswer, RetryRequest } from '../../contract/retry.ts'
import { COLLECT_TIMEOUT_SECONDS, LAST_RUN_SECONDS, RUN_ANSWER_SECONDS } from '../../contract/timing.ts'
import { toIsoTime } from '../stream/timestamp.ts'
import type { Episode } from './episode.ts'
import { taskCondition } from './life.ts'
import type { Task } from './task.ts'

/** Returns how long the state machine waits for a run. A run near the deadline ends soon after the deadline. */
function computeTimeoutSeconds({ deadlineMs }: Episode, beginMs: number): number {
  const untilLastEnd = (deadlineMs - beginMs) / 1000 + LAST_RUN_SECONDS
  const seconds = Math.min(COLLECT_TIMEOUT_SECONDS, untilLastEnd) + RUN_ANSWER_SECONDS
  return Math.max(1, Math.ceil(seconds))
}

const presentEpisode = (episode: Episode, { error }: Task) => ({
  attempts: episode.attempts,
  deadline: toIsoTime(episode.deadlineMs),
  error: `${error?.type ?? 'FirstPartyGeneric'}Error`,
  cause: error?.info ?? '',
})

interface AnswerTimes {
  readonly nowMs: number
  /** The earliest time of the next run, because the last run could not lease the task. */
  readonly notBeforeMs?: number | undefined
}

/** Returns what an execution does next, computed from the task as it now is. Times are epoch milliseconds. */
export function retryAnswer(
  task: Task | undefined,
  { episode: id, execution }: Pick<RetryRequest, 'episode' | 'execution'>,
  { nowMs, notBeforeMs = 0 }: AnswerTimes,
): RetryAnswer {
  const condition = task && taskCondition(task)
  if (!task || condition === 'stopping') return { outcome: 'stopped' }
  const { episode } = task
  if (episode?.id !== id) return { outcome: task.state === 'Collecting' ? 'recovered' : 'stopped' }
  if (condition === 'givenUp') return { outcome: 'quit', ...presentEpisode(episode, task) }
  if (episode.execution !== execution) return { outcome: 'taken' }
  const nextRetryMs = Math.max(episode.nextRetryMs, notBeforeMs)
  return {
    outcome: 'retry',
    nextRetry: toIsoTime(nextRetryMs),
    waitSeconds: Math.max(0, Math.ceil((nextRetryMs - nowMs) / 1000)),
    // If the state machine learns late what a run has recorded, the next retry is past.
    timeoutSeconds: computeTimeoutSeconds(episode, Math.max(nextRetryMs, nowMs)),
    ...presentEpisode(episode, task),
  }
}
