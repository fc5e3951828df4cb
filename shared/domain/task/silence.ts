import { TICK_MINUTES } from '../../contract/timing.ts'
import { taskCondition } from './life.ts'
import type { Task } from './task.ts'

/** A task that a tick or a retry is to collect says something within this time. */
const WORD_MS = 2 * TICK_MINUTES * 60_000

type Spoken = Pick<
  Task,
  'state' | 'stateSince' | 'halted' | 'episode' | 'createdAt' | 'lastSuccessAt' | 'error' | 'leaseSinceMs'
>

/** When the task last changed its state, a run of it ended, or one began that has not ended yet. */
function lastWordMs({ createdAt, stateSince, lastSuccessAt, error, leaseSinceMs = 0 }: Spoken): number {
  const times = [createdAt, stateSince, lastSuccessAt, error?.at].map(time => Date.parse(time ?? ''))
  return Math.max(leaseSinceMs, ...times.filter(ms => !Number.isNaN(ms)))
}

/**
 * Returns since when there is no word of a task, in epoch milliseconds: for two ticks no run has begun or ended, although one
 * was due. Its state then says how it was, not how it is. Returns undefined while all is as it should be, and for a task
 * that waits for its user.
 */
export function silentSinceMs(task: Spoken, nowMs: number): number | undefined {
  const condition = taskCondition(task)
  if (condition !== 'well' && condition !== 'retrying') return undefined
  const wordMs = lastWordMs(task)
  const dueMs = condition === 'retrying' ? (task.episode?.nextRetryMs ?? 0) : 0
  return nowMs - Math.max(wordMs, dueMs) >= WORD_MS ? wordMs : undefined
}
