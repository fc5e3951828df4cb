import type { Api } from './apis.ts'

/** Source and detail types of the events on the bus. */
export const EVENT_SOURCE = 'onepassword-source'
export const COLLECTION_DUE = 'CollectionDue'
export const SOURCE_STOPPING = 'SourceStopping'
export const HEALTH_CHANGE = 'Health-Change'
export const EPISODE_OPENED = 'EpisodeOpened'
export const TICK_SEGMENT = 'TickSegment'

/** Detail type of the schedule's event. Its source is `aws.events`. */
export const SCHEDULED_EVENT = 'Scheduled Event'

/** Detail type of Lambda's record of a failed asynchronous invocation. Its source is `lambda`. */
export const FAILED_INVOCATION = 'Lambda Function Invocation Result - Failure'

export const DUE_REASONS = [
  'tick',
  'abandoned',
  'continuation',
  'registered',
  'updated',
  'restarted',
  /** 1Password takes the token of a task again that waited for its user. */
  'recovered',
  /** Not to be collected: only asked about, because it waits for its user. */
  'look',
] as const
export type DueReason = (typeof DUE_REASONS)[number]

/** The task that an event is about. */
export interface TaskAddress {
  readonly collectorId: number
  readonly sourceId: number
  readonly api: Api
}

/** Detail of a CollectionDue event: one task to collect now. */
export interface CollectionDue extends TaskAddress {
  readonly reason: DueReason
}

/** Detail of an EpisodeOpened event: the retry state machine retries the task. The event may come more than once. */
export interface EpisodeOpened extends TaskAddress {
  readonly episode: string
}

/** Detail of a SourceStopping event: dispatch completes the deletion of the source. */
export interface SourceStopping {
  readonly collectorId: number
  readonly sourceId: number
}

/** Detail of a TickSegment event: dispatch goes on with one segment of the tasks table, for a tick that it began. */
export interface TickSegment {
  readonly tickMs: number
  readonly segment: number
}
