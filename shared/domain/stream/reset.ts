import { OVERLAP_MINUTES } from '../../contract/limits.ts'
import type { Task } from '../task/task.ts'
import type { TaskChange } from '../task/task-change.ts'
import { dateOf, epochMsOf, wholeSeconds } from './timestamp.ts'

/**
 * Not before the chain's own start: what lies there is not the source's. Nor in the future, though an event may be dated
 * there: what happens until then must not be passed over.
 */
function startBehind({ startTime, lastEventTime }: Task, nowMs: number, minutes: number): string {
  const lastMs = lastEventTime === undefined ? Number.NEGATIVE_INFINITY : epochMsOf(lastEventTime)
  const backMs = Math.min(lastMs, nowMs) - minutes * 60_000
  return backMs > epochMsOf(startTime) ? wholeSeconds(backMs) : startTime
}

function newChain(task: Task, nowMs: number, minutesBack: number): TaskChange {
  const from = startBehind(task, nowMs, minutesBack)
  const { lastObjectKey } = task
  return {
    chain: task.chain + 1,
    startTime: from,
    cursor: undefined,
    partition: dateOf(nowMs),
    ...(lastObjectKey !== undefined && { overlap: { from, lastObjectKey } }),
  }
}

/**
 * Begins a new chain after the API refused the task's cursor: from the last event's time minus an overlap for late
 * events, or from the chain's own start where no event had a time.
 */
export const resetChain = (task: Task, nowMs: number): TaskChange => newChain(task, nowMs, OVERLAP_MINUTES)

/** Where a task's cursor is good. */
export interface Stream {
  readonly baseUrl: string
  /** Unknown where the introspection does not tell it. */
  readonly accountUuid: string | undefined
}

const isAnother = (known: string | undefined, now: string | undefined): boolean =>
  known !== undefined && now !== undefined && known !== now

/**
 * What a task notes of its stream. A cursor is of one base URL and account: where either is another than before, a new
 * chain begins at the last event's time.
 */
export function followStream(task: Task, { baseUrl, accountUuid }: Stream, nowMs: number): TaskChange {
  const another = isAnother(task.baseUrl, baseUrl) || isAnother(task.accountUuid, accountUuid)
  return {
    ...(another && newChain(task, nowMs, 0)),
    baseUrl,
    ...(accountUuid !== undefined && { accountUuid }),
  }
}

/** A changed start_time counts for a task that has not begun: no page was asked for that may stand in the lake. */
export function firstWindow(task: Task, startTime: string, openEnd: boolean): TaskChange {
  const begun = openEnd || task.cursor !== undefined || task.lastObjectKey !== undefined || task.chain > 1
  return begun ? {} : { startTime }
}
