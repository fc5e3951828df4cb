import type { Api } from '../../contract/apis.ts'
import type { TaskFault } from '../failure/failure.ts'
import type { RuleCounts } from '../rule/rule-counts.ts'
import type { Episode } from './episode.ts'
import type { Step, StepRequest } from './step.ts'
import type { TaskHealth } from './task-health.ts'

/** The states of a source and of each of its tasks (docs/reference/management-api.md, "States"). */
export type TaskState =
  | 'Pending'
  | 'Started'
  | 'Initialized'
  | 'Authenticated'
  | 'Collecting'
  | 'Error'
  | 'Stopping'

/** The states that a task goes through while its source exists. */
export type ReachableState = Exclude<TaskState, 'Stopping'>

export interface TaskKey {
  readonly sourceId: number
  readonly api: Api
}

/**
 * Events that a reset cursor reads again although the lake has them. They are dropped by uuid until the chain has
 * caught up.
 */
export interface Overlap {
  /** The reset cursor's start. */
  readonly from: string
  /** The last object written before the reset. Its record names the object before it, and so on. */
  readonly lastObjectKey: string
  /** How many runs in a row got no further on the walk from there, and when the first of them was. */
  readonly tries?: number
  readonly triedMs?: number
  /** Where the walk ends, because it cannot go on: events of this object and of those before it are not known. */
  readonly walkedTo?: string
}

/**
 * The schema in which a task is stored. An older task can be read, and is upgraded before a run leases it. Schema 1 had
 * long names of attributes. Schema 2 named the next object after the cursor, not after the end of the ledger. Schema 3 did
 * not compress objects.
 */
export const TASK_SCHEMA = 4

/** One (source, API): the unit of collection. All times are RFC 3339 unless the name says Ms (epoch milliseconds). */
export interface Task extends TaskKey {
  readonly schema: 1 | 2 | 3 | typeof TASK_SCHEMA
  readonly collectorId: number
  readonly createdAt: string
  readonly state: TaskState
  readonly stateSince: string
  /** When the task last entered each state, since `version` was first seen. */
  readonly reachedMs?: Readonly<Partial<Record<ReachableState, number>>>
  /** No run until the source is updated or restarted. */
  readonly halted?: boolean
  readonly error?: TaskFault
  /** When a tick last asked for a look at the task, because it waits for its user. */
  readonly lookedMs?: number
  /** Present while the task fails and after it was given up. */
  readonly episode?: Episode
  /** Absent before the first health event. */
  readonly health?: TaskHealth
  /** Version of the source that state, error and halted are about. Absent before the first run. */
  readonly version?: number
  /** Version of the source at its last renewal: the user's update or restart. */
  readonly renewed?: number
  /** Version of the source for which the token's features were last checked. */
  readonly introspected?: number
  /** When the token last used expires. Absent if the token does not say so. */
  readonly tokenExpires?: string
  /** Base URL and account whose stream the cursor belongs to. Another base URL or account begins a new chain. */
  readonly baseUrl?: string
  readonly accountUuid?: string

  /** Number of the chain: one reset cursor and all cursors that follow from it. */
  readonly chain: number
  /** Start of the chain's reset cursor. UTC in whole seconds, with Z at the end. */
  readonly startTime: string
  /** Where the next page begins. Absent until the first page of the chain is committed. */
  readonly cursor?: string
  /**
   * Where a page could not be read: the beginning of the digest of its place, a slash, and how many runs in a row have met
   * it. A later run reads it in another way.
   */
  readonly unreadableAt?: string
  /** How many items a page of this chain may have. Absent unless a page of the usual size could not be read. */
  readonly pageLimit?: number
  /** Short digests of the last cursors that objects of this chain led to, as hex. See trail.ts. */
  readonly trail?: string
  /** Short digest of the cursor, or start, that the last run was refused. Only if the next run is refused it too, it counts. */
  readonly refusedPlace?: string
  /** When the first of the runs that were refused this place began to be. */
  readonly refusedMs?: number
  /** When a commit last moved the cursor. */
  readonly cursorSinceMs?: number
  /** Date folder of the next object, while an uncommitted one may exist there. It stays until an object is committed. */
  readonly partition?: string
  /** Name of the next object, if it does not follow from chain and link: after a reset, or left by an earlier schema. With its
   * ending, if an earlier deployment may write it. */
  readonly place?: string

  readonly fence: number
  readonly leaseOwner?: string
  readonly leaseSinceMs?: number
  readonly leaseExpiresMs?: number

  readonly pages: number
  readonly events: number
  /** How many events were delivered in which of the last hours. See hourly-events.ts. Absent before the first. */
  readonly hourlyEvents?: string
  /** How many of the events were older than the newest event delivered before their page. Absent before the first. */
  readonly lateEvents?: number
  /** How many items could not be read and were kept aside. Absent before the first. */
  readonly unreadable?: number
  /** What the processing rules of the source have dropped and changed. Absent before the first. */
  readonly filtered?: RuleCounts
  readonly firstEventTime?: string
  /** The newest time of an event that was not in the future when the event was delivered. */
  readonly lastEventTime?: string
  /** The newest time of all objects as their records say it (`PageRecord.newest`), if it is later than that. */
  readonly newestTime?: string
  /** The last object that holds an event dated far ahead. */
  readonly aheadKey?: string
  /** Until when everything is read, if the last run that ended well left events unread. See read-time.ts. */
  readonly readUntil?: string
  readonly lastSuccessAt?: string
  /** The last successful run left events unread, because its time was used up. */
  readonly behind?: true
  /** The end of the ledger: the last object, and the digest of the request that follows from it. */
  readonly lastObjectKey?: string
  readonly link?: string
  readonly overlap?: Overlap
  /** What the next run steps over. */
  readonly stepRequest?: StepRequest
  /** What was stepped over since the last object. The next object says it in its record. */
  readonly stepped?: Step
  /** Theoretical arrival time of the rate budget, in epoch milliseconds. */
  readonly rateMs?: number
}

export const isOfOlderSchema = ({ schema }: Task): boolean => schema !== TASK_SCHEMA

export const isLeased = (task: Task, nowMs: number): boolean =>
  task.leaseOwner !== undefined && (task.leaseExpiresMs ?? 0) > nowMs
