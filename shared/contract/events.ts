import type { Api } from './apis.ts'

/** What travels on the bus. */
export const EVENT_SOURCE = 'onepassword-source'
export const COLLECTION_DUE = 'CollectionDue'
export const SOURCE_STOPPING = 'SourceStopping'
export const HEALTH_CHANGE = 'Health-Change'
export const EPISODE_OPENED = 'EpisodeOpened'

/** What the schedule sends, from source `aws.events`. */
export const SCHEDULED_EVENT = 'Scheduled Event'

/** What Lambda puts on the bus of an asynchronous invocation that failed, from source `lambda`. */
export const FAILED_INVOCATION = 'Lambda Function Invocation Result - Failure'

export const DUE_REASONS = [
  'tick',
  'abandoned',
  'continuation',
  'registered',
  'updated',
  'restarted',
] as const
export type DueReason = (typeof DUE_REASONS)[number]

/** Which task an event speaks of. */
export interface TaskAddress {
  readonly collectorId: number
  readonly sourceId: number
  readonly api: Api
}

/** Detail of a CollectionDue event: one task to collect now. */
export interface CollectionDue extends TaskAddress {
  readonly reason: DueReason
}

/** Detail of an EpisodeOpened event: the retry state machine takes the task up. It may come more than once. */
export interface EpisodeOpened extends TaskAddress {
  readonly episode: string
}

/** Detail of a SourceStopping event: dispatch completes the source's deletion. */
export interface SourceStopping {
  readonly collectorId: number
  readonly sourceId: number
}
