import { OVERLAP_MINUTES } from '../contract/limits.ts'
import type { TaskChange } from './progress.ts'
import type { Task } from './task.ts'
import { dateOf, epochMsOf, wholeSeconds } from './timestamp.ts'

/**
 * Not before the chain's own start: what lies there is not the source's. Nor in the future, though an event may be dated
 * there: what happens until then must not be passed over.
 */
function startOfReset({ startTime, lastEventTime }: Task, nowMs: number): string {
  const lastMs = lastEventTime === undefined ? Number.NEGATIVE_INFINITY : epochMsOf(lastEventTime)
  const backMs = Math.min(lastMs, nowMs) - OVERLAP_MINUTES * 60_000
  return backMs > epochMsOf(startTime) ? wholeSeconds(backMs) : startTime
}

/**
 * Begins a new chain after the API refused the task's cursor: from the last event's time minus an overlap for late
 * events, or from the chain's own start where no event had a time.
 */
export function resetChain(task: Task, nowMs: number): TaskChange {
  const from = startOfReset(task, nowMs)
  const { lastObjectKey } = task
  return {
    chain: task.chain + 1,
    startTime: from,
    cursor: undefined,
    partition: dateOf(nowMs),
    ...(lastObjectKey !== undefined && { overlap: { from, lastObjectKey } }),
  }
}
