import { type Measured, MOST_VALUES } from '../../shared/contract/metrics.ts'
import { ageSeconds, secondsBetween } from '../../shared/domain/stream/timestamp.ts'
import { isOpen } from '../../shared/domain/task/episode.ts'
import type { Task, TaskState } from '../../shared/domain/task/task.ts'

/** What a tick, which reads every task anyway, knows of them all. */
export interface Census {
  add(page: readonly Task[], nowMs: number): void
  read(): Measured
}

/** It is to be collected: its source is not being deleted and has its API still. */
const isWanted = ({ state, halted }: Task): boolean =>
  state !== 'Stopping' && !(halted === true && state === 'Pending')

/** See METRICS.lag. One that never was collected is behind since it was made. */
function lagOf({ behind, lastEventTime, startTime, lastSuccessAt, createdAt }: Task, nowMs: number): number {
  if (behind) return ageSeconds(lastEventTime ?? startTime, nowMs)
  return secondsBetween(Date.parse(lastSuccessAt ?? createdAt), nowMs)
}

/** At most as many as a line may hold, evenly taken from the smallest to the largest, both included. */
export function sampleOf(values: readonly number[], most = MOST_VALUES): readonly number[] {
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

  function addWanted(task: Task, nowMs: number): void {
    const { halted, episode, cursorSinceMs = nowMs } = task
    lags.push(lagOf(task, nowMs))
    counts.cursorAge = Math.max(counts.cursorAge, secondsBetween(cursorSinceMs, nowMs))
    if (isOpen(episode)) counts.openEpisodes++
    else if (halted) counts[episode ? 'givenUp' : 'misconfigured']++
  }

  return {
    add(page, nowMs) {
      for (const task of page) {
        states[task.state]++
        if (isWanted(task)) addWanted(task, nowMs)
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
      ...(lags.length > 0 && { lag: sampleOf(lags) }),
    }),
  }
}
