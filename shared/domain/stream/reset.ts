import { OVERLAP_HOURS } from '../../contract/limits.ts'
import type { Task } from '../task/task.ts'
import type { TaskChange } from '../task/task-change.ts'
import { nextPlace } from './object-key.ts'
import { toEpochMs, wholeSeconds } from './timestamp.ts'

/**
 * Returns where to begin again, some hours before the last event. It is never before the start of the chain, because
 * the source does not want those events. It is never in the future, even if an event has a date there: otherwise events
 * until then would be missed.
 */
function startBehind({ startTime, lastEventTime }: Task, nowMs: number, hours: number): string {
  const lastMs = lastEventTime === undefined ? Number.NEGATIVE_INFINITY : toEpochMs(lastEventTime)
  const backMs = Math.min(lastMs, nowMs) - hours * 3_600_000
  return backMs > toEpochMs(startTime) ? wholeSeconds(backMs) : startTime
}

function newChain(task: Task, nowMs: number, hoursBack: number): TaskChange {
  const from = startBehind(task, nowMs, hoursBack)
  const { lastObjectKey } = task
  return {
    chain: task.chain + 1,
    startTime: from,
    cursor: undefined,
    trail: undefined,
    refusedPlace: undefined,
    place: nextPlace(task),
    ...(lastObjectKey !== undefined && { overlap: { from, lastObjectKey } }),
  }
}

/**
 * Begins a new chain after the API refused the task's cursor. It begins at the time of the last event, minus an overlap
 * for late events. If no event had a time, it begins at the start of the chain.
 */
export const resetChain = (task: Task, nowMs: number): TaskChange => newChain(task, nowMs, OVERLAP_HOURS)

/** The same in smaller pages, after a page could not be read. */
export const resetInSmallerPages = (task: Task, nowMs: number, limit: number): TaskChange => ({
  ...resetChain(task, nowMs),
  pageLimit: limit,
})

/** The same behind what cannot be read in any way: at a time after the last event. The pages are of the usual size. */
export const stepOver = (task: Task, nowMs: number, startTime: string): TaskChange => ({
  ...resetChain(task, nowMs),
  startTime,
  overlap: task.overlap,
  pageLimit: undefined,
  unreadableAt: undefined,
  unreadable: (task.unreadable ?? 0) + 1,
})

/** The account for which a cursor is valid. */
export interface Stream {
  readonly baseUrl: string
  /** Undefined if the introspection does not name it. */
  readonly accountUuid: string | undefined
}

const isAnother = (known: string | undefined, now: string | undefined): boolean =>
  known !== undefined && now !== undefined && known !== now

/**
 * Stores with the task which account it reads. A cursor is valid for one base URL and account only. If one of them has
 * changed, a new chain begins at the time of the last event. For the same account it begins some hours before, because late
 * events may be unread. Events of another account from before are not the source's.
 */
export function followStream(task: Task, { baseUrl, accountUuid }: Stream, nowMs: number): TaskChange {
  const isOtherAccount = isAnother(task.accountUuid, accountUuid)
  const another = isAnother(task.baseUrl, baseUrl) || isOtherAccount
  return {
    ...(another && newChain(task, nowMs, isOtherAccount ? 0 : OVERLAP_HOURS)),
    baseUrl,
    ...(accountUuid !== undefined && { accountUuid }),
  }
}

/** Uses a changed start_time for a task that has not begun. A task has begun if a page of it may be in the lake. */
export function firstWindow(task: Task, startTime: string, openEnd: boolean): TaskChange {
  const begun = openEnd || task.cursor !== undefined || task.lastObjectKey !== undefined || task.chain > 1
  return begun ? {} : { startTime }
}
