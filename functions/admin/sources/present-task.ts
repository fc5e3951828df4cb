import type { Api } from '../../../shared/contract/apis.ts'
import type { TaskFault } from '../../../shared/domain/failure/failure.ts'
import type { Source } from '../../../shared/domain/source/source.ts'
import { stateOfApi } from '../../../shared/domain/source/source-state.ts'
import { ageSeconds, isoOf, secondsBetween } from '../../../shared/domain/stream/timestamp.ts'
import type { Episode } from '../../../shared/domain/task/episode.ts'
import { taskCondition } from '../../../shared/domain/task/life.ts'
import { isLeased, type Task } from '../../../shared/domain/task/task.ts'
import { ERROR_TYPES } from './present.ts'

const presentTimes = ({ lastSuccessAt, lastEventTime, cursorSinceMs }: Task, nowMs: number) => ({
  ...(lastSuccessAt !== undefined && { lastSuccess: lastSuccessAt }),
  ...(lastEventTime !== undefined && { lastEventTime, lagSeconds: ageSeconds(lastEventTime, nowMs) }),
  ...(cursorSinceMs !== undefined && { cursorAgeSeconds: secondsBetween(cursorSinceMs, nowMs) }),
})

const presentLease = (task: Task, nowMs: number) => {
  const { leaseSinceMs, leaseExpiresMs = 0 } = task
  if (!isLeased(task, nowMs)) return {}
  const since = leaseSinceMs === undefined ? {} : { since: isoOf(leaseSinceMs) }
  return { lease: { ...since, until: isoOf(leaseExpiresMs) } }
}

/** Older items have only the time of their present state. */
const presentReached = ({ reachedMs = {}, state, stateSince }: Task) => ({
  ...Object.fromEntries(Object.entries(reachedMs).map(([reached, epochMs]) => [reached, isoOf(epochMs)])),
  ...(state !== 'Stopping' && { [state]: stateSince }),
})

const presentError = ({ type, code, info, at }: TaskFault) => ({ type: ERROR_TYPES[type], code, info, at })

const presentRetry = ({ startedMs, attempts, nextRetryMs, deadlineMs, quitMs }: Episode) => ({
  since: isoOf(startedMs),
  attempts,
  ...(quitMs === undefined ? { nextRetry: isoOf(nextRetryMs) } : { gaveUp: isoOf(quitMs) }),
  deadline: isoOf(deadlineMs),
})

/** The error says what happened. This says what the user must do about it. */
const createAdvice = (task: Task): string =>
  taskCondition(task) === 'retrying'
    ? 'It is tried again by itself until the deadline; restart the source to have it tried at once.'
    : 'Nothing is collected until the source is updated or restarted: mend what the error says, then do that.'

const presentTrouble = (task: Task, error: TaskFault) => ({
  error: presentError(error),
  advice: createAdvice(task),
  ...(task.episode && { retry: presentRetry(task.episode) }),
})

/** The state and what belongs to it. A task of an older version of the source says nothing about the present one. */
function presentProgress(source: Source, task: Task | undefined) {
  const { state, error } = stateOfApi(task, source)
  const isCurrent = task?.state === state
  return {
    state,
    ...(isCurrent && { since: task.stateSince }),
    reached: isCurrent ? presentReached(task) : {},
    ...(task && error && presentTrouble(task, error)),
    ...(task?.tokenExpires !== undefined &&
      task.version === source.version && { tokenExpires: task.tokenExpires }),
  }
}

/** Our extension: how one API of a source is doing. What is not known yet is left out. */
export const presentTask = (source: Source, api: Api, task: Task | undefined, nowMs: number) => ({
  api,
  ...presentProgress(source, task),
  ...(task && presentTimes(task, nowMs)),
  pages: task?.pages ?? 0,
  events: task?.events ?? 0,
  lateEvents: task?.lateEvents ?? 0,
  ...(task && presentLease(task, nowMs)),
})
