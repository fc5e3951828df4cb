import { type Measured, MOST_VALUES } from '../../shared/contract/metrics.ts'
import { ageSeconds, secondsBetween } from '../../shared/domain/stream/timestamp.ts'
import { type TaskCondition, taskCondition } from '../../shared/domain/task/life.ts'
import { lagSeconds } from '../../shared/domain/task/read-time.ts'
import type { Task, TaskState } from '../../shared/domain/task/task.ts'
import { addNumbers, type CensusPart, NO_STATES } from '../../shared/domain/tick/tick-part.ts'

/** Counts all tasks. A tick reads them anyway. */
export interface Census {
  add(page: readonly Task[], nowMs: number): void
  read(): Measured
  /** Returns what was counted, in a form that can be stored. Large lags are rounded to three digits. */
  part(): CensusPart
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

/** Counts equal lags together. Of some hundred values at most, each takes some bytes of an item. */
function groupLags(lags: readonly number[]): CensusPart['lags'] {
  const groups = new Map<number, number>()
  for (const lag of lags) {
    const rounded = Number(lag.toPrecision(3))
    groups.set(rounded, (groups.get(rounded) ?? 0) + 1)
  }
  return [...groups]
}

const ungroupLags = ({ lags }: CensusPart): number[] =>
  lags.flatMap(([seconds, tasks]) => new Array<number>(tasks).fill(seconds))

/** Adds up what was counted in parts. */
function sumParts(parts: readonly CensusPart[]) {
  const counts = { openEpisodes: 0, givenUp: 0, misconfigured: 0, cursorAge: 0 }
  let states = NO_STATES
  for (const part of parts) {
    states = addNumbers(states, part.states)
    counts.openEpisodes += part.openEpisodes
    counts.givenUp += part.givenUp
    counts.misconfigured += part.misconfigured
    counts.cursorAge = Math.max(counts.cursorAge, part.cursorAge)
  }
  return { counts, states: { ...states } as Record<TaskState, number>, lags: parts.flatMap(ungroupLags) }
}

/** Goes on from what was counted in parts. */
export function createCensus(parts: readonly CensusPart[] = []): Census {
  const { states, counts, lags } = sumParts(parts)

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
    part: () => ({ states: { ...states }, ...counts, lags: groupLags(lags) }),
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
