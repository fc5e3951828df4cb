import { type Measured, MOST_VALUES } from '../../shared/contract/metrics.ts'
import { ageSeconds, secondsBetween } from '../../shared/domain/stream/timestamp.ts'
import { type TaskCondition, taskCondition } from '../../shared/domain/task/life.ts'
import { lagSeconds } from '../../shared/domain/task/read-time.ts'
import type { Task, TaskState } from '../../shared/domain/task/task.ts'

/** Counts all tasks. A tick reads them anyway. */
interface Census {
  add(page: readonly Task[], nowMs: number): void
  read(): Measured
}

/** Returns the seconds that METRICS.lag describes. For a task that was never collected they count from its creation. */
function computeLag(task: Task, nowMs: number): number {
  const { behind, startTime, lastSuccessAt, createdAt } = task
  if (behind) return lagSeconds(task, nowMs) ?? ageSeconds(startTime, nowMs)
  return secondsBetween(Date.parse(lastSuccessAt ?? createdAt), nowMs)
}

/** Picks at most `most` values, evenly between the smallest and the largest. Both of these are included. */
export function sampleEvenly(values: readonly number[], most = MOST_VALUES): readonly number[] {
  const sorted = values.toSorted((a, b) => a - b)
  if (sorted.length <= most) return sorted
  return Array.from(
    { length: most },
    (_, at) => sorted[Math.round((at * (sorted.length - 1)) / (most - 1))] ?? 0,
  )
}

export function createCensus(): Census {
  const states: Record<TaskState, number> = {
    Pending: 0,
    Started: 0,
    Initialized: 0,
    Authenticated: 0,
    Collecting: 0,
    Error: 0,
    Stopping: 0,
  }
  const lags: number[] = []
  const counts = { openEpisodes: 0, givenUp: 0, misconfigured: 0, cursorAge: 0 }

  function addCollected(task: Task, condition: TaskCondition, nowMs: number): void {
    const { cursorSinceMs = nowMs } = task
    lags.push(computeLag(task, nowMs))
    counts.cursorAge = Math.max(counts.cursorAge, secondsBetween(cursorSinceMs, nowMs))
    if (condition === 'retrying') counts.openEpisodes++
    if (condition === 'givenUp' || condition === 'misconfigured') counts[condition]++
  }

  return {
    add(page, nowMs) {
      for (const task of page) {
        states[task.state]++
        const condition = taskCondition(task)
        if (condition !== 'stopping' && condition !== 'parked') addCollected(task, condition, nowMs)
      }
    },
    read: () => ({
      tasksPending: states.Pending,
      tasksStarted: states.Started,
      tasksInitialized: states.Initialized,
      tasksAuthenticated: states.Authenticated,
      tasksCollecting: states.Collecting,
      tasksError: states.Error,
      tasksStopping: states.Stopping,
      ...counts,
      ...(lags.length > 0 && { lag: sampleEvenly(lags) }),
    }),
  }
}
