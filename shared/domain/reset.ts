import { OVERLAP_MINUTES } from '../contract/limits.ts'
import type { TaskChange } from './progress.ts'
import type { Task } from './task.ts'
import { epochMsOf, timestampRange, wholeSeconds } from './timestamp.ts'

/** Not before the chain's own start: what lies there is not the source's. */
function startOfReset({ startTime }: Task, lastEventTime: string): string {
  const back = wholeSeconds(epochMsOf(lastEventTime) - OVERLAP_MINUTES * 60_000)
  return timestampRange([startTime, back]).last ?? back
}

/**
 * Begins a new chain after the API refused the task's cursor: from the last event's time minus an overlap for late
 * events, or from the chain's own start if nothing was delivered yet.
 */
export function resetChain(task: Task, partition: string): TaskChange {
  const chain = { chain: task.chain + 1, cursor: undefined, partition }
  const { lastEventTime, lastObjectKey } = task
  if (lastEventTime === undefined || lastObjectKey === undefined) return chain
  const from = startOfReset(task, lastEventTime)
  return { ...chain, startTime: from, overlap: { from, lastObjectKey } }
}
