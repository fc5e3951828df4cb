import type { Api } from '../../contract/apis.ts'
import type { TaskFault } from '../failure/failure.ts'
import type { Episode } from './episode.ts'
import type { TaskHealth } from './task-health.ts'

/** The life of a source and of each of its tasks (reference/sumo-api §2.1). */
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

/** Events that a reset cursor reads again and the lake holds already: dropped by uuid until the chain has caught up. */
export interface Overlap {
  /** The reset cursor's start. */
  readonly from: string
  /** The last object written before the reset; the objects before it follow from its record. */
  readonly lastObjectKey: string
}

/**
 * The schema in which a task is stored. One of schema 1 can be read and not written, so that it is neither collected nor
 * changed before it is upgraded.
 */
export const TASK_SCHEMA = 2

/** One (source, API): the unit of collection. All times are RFC 3339 unless the name says Ms (epoch milliseconds). */
export interface Task extends TaskKey {
  readonly schema: 1 | typeof TASK_SCHEMA
  readonly collectorId: number
  readonly createdAt: string
  readonly state: TaskState
  readonly stateSince: string
  /** When each state was last entered, for the version that state, error and halted speak of. */
  readonly reachedMs?: Readonly<Partial<Record<ReachableState, number>>>
  /** No run until the source is updated or restarted. */
  readonly halted?: boolean
  readonly error?: TaskFault
  /** While it fails, and after it was given up; absent else. */
  readonly episode?: Episode
  /** Its health events; absent before the first. */
  readonly health?: TaskHealth
  /** Version of the source that state, error and halted speak of; absent before the first run. */
  readonly version?: number
  /** Version of the source that its user last asked to begin anew with. */
  readonly renewed?: number
  /** Version of the source for which the token's features were last checked. */
  readonly introspected?: number
  /** Expiry of the token last used, where the token tells it. */
  readonly tokenExpires?: string
  /** Whose stream the cursor belongs to: another base URL or account begins a new chain. */
  readonly baseUrl?: string
  readonly accountUuid?: string

  /** Counts resets: a chain is one reset cursor and all the cursors that follow from it. */
  readonly chain: number
  /** Start of the chain's reset cursor: UTC, whole seconds, Z. */
  readonly startTime: string
  /** Where the next page begins; absent until the chain's first page is committed. */
  readonly cursor?: string
  /** When a commit last moved the cursor. */
  readonly cursorSinceMs?: number
  /** Date folder of the page at the cursor while an uncommitted object for it may exist. */
  readonly partition?: string

  readonly fence: number
  readonly leaseOwner?: string
  readonly leaseSinceMs?: number
  readonly leaseExpiresMs?: number

  readonly pages: number
  readonly events: number
  /** Of these, how many were older than the newest event delivered before their page; absent before any was counted. */
  readonly lateEvents?: number
  readonly firstEventTime?: string
  readonly lastEventTime?: string
  readonly lastSuccessAt?: string
  /** That run left events unread, for want of time. */
  readonly behind?: true
  /** The ledger's end: the last object, and the digest of the request that follows from it. */
  readonly lastObjectKey?: string
  readonly link?: string
  readonly overlap?: Overlap
  /** Theoretical arrival time of the rate budget, epoch milliseconds. */
  readonly rateMs?: number
}

export const isOfOlderSchema = ({ schema }: Task): boolean => schema !== TASK_SCHEMA

export const isLeased = (task: Task, nowMs: number): boolean =>
  task.leaseOwner !== undefined && (task.leaseExpiresMs ?? 0) > nowMs
