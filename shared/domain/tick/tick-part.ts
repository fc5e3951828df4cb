import type { TaskState } from '../task/task.ts'

/** What a tick did and found, beside the census. The names are those of METRICS. */
export interface TickCounts {
  readonly tasks: number
  readonly due: number
  readonly leaseExpired: number
  readonly claimMissing: number
  readonly executionLost: number
  readonly episodeOverdue: number
}

/** The census of some tasks, in a form that can be stored and added up. */
export interface CensusPart {
  readonly states: Readonly<Record<TaskState, number>>
  readonly openEpisodes: number
  readonly givenUp: number
  readonly misconfigured: number
  /** Seconds. */
  readonly cursorAge: number
  /** Lags in seconds, each with the number of tasks that have it. */
  readonly lags: readonly (readonly [seconds: number, tasks: number])[]
}

/** What a tick counted in one segment of the tasks table so far. */
export interface TickPart {
  readonly counts: TickCounts
  readonly census: CensusPart
}

export const NO_COUNTS: TickCounts = {
  tasks: 0,
  due: 0,
  leaseExpired: 0,
  claimMissing: 0,
  executionLost: 0,
  episodeOverdue: 0,
}

export const NO_STATES: Readonly<Record<TaskState, number>> = {
  Pending: 0,
  Started: 0,
  Initialized: 0,
  Authenticated: 0,
  Collecting: 0,
  Error: 0,
  Stopping: 0,
}

const NO_CENSUS: CensusPart = {
  ...{ states: NO_STATES, openEpisodes: 0, givenUp: 0, misconfigured: 0, cursorAge: 0 },
  lags: [],
}

export const EMPTY_PART: TickPart = { counts: NO_COUNTS, census: NO_CENSUS }

type Numbers<T> = { readonly [Name in keyof T]: number }

/** Adds up two records of numbers with the same members. */
export const addNumbers = <T extends Numbers<T>>(a: T, b: T): T =>
  Object.fromEntries(Object.keys(a).map(name => [name, a[name as keyof T] + b[name as keyof T]])) as T
