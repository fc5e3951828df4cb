import { LEAST_TASKS_PER_SECOND, TICK_TASKS_PER_SECOND } from '../../contract/limits.ts'
import { TICK_SPREAD_MS } from '../../contract/timing.ts'
import type { TickProgress } from './segment.ts'

/** Returns how many of so many tasks a tick publishes in a second: all of them in TICK_SPREAD_MS, within the limits. */
export const computePace = (tasks: number): number =>
  Math.min(TICK_TASKS_PER_SECOND, Math.max(LEAST_TASKS_PER_SECOND, (tasks * 1000) / TICK_SPREAD_MS))

/**
 * Returns the pace for a table of several pages, from what the tick before has counted. Without that, and for an
 * invocation that helps a tick which is late already, it is the fastest one.
 */
export function paceOfTable({ segments }: TickProgress, tickMs: number): number {
  const isFirst = segments.every(segment => segment.tickMs < tickMs)
  const tasks = segments.reduce((sum, { part }) => sum + part.counts.tasks, 0)
  return isFirst && tasks > 0 ? computePace(tasks) : TICK_TASKS_PER_SECOND
}
