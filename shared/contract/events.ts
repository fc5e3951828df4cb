import type { Api } from './apis.ts'

/** What travels on the bus. */
export const EVENT_SOURCE = 'onepassword-source'
export const COLLECTION_DUE = 'CollectionDue'
export const SOURCE_STOPPING = 'SourceStopping'
export const HEALTH_CHANGE = 'Health-Change'

export const DUE_REASONS = [
  'tick',
  'abandoned',
  'continuation',
  'registered',
  'updated',
  'restarted',
] as const
export type DueReason = (typeof DUE_REASONS)[number]

/** Detail of a CollectionDue event: one task to collect now. */
export interface CollectionDue {
  readonly collectorId: number
  readonly sourceId: number
  readonly api: Api
  readonly reason: DueReason
}

/** Detail of a SourceStopping event: dispatch completes the source's deletion. */
export interface SourceStopping {
  readonly collectorId: number
  readonly sourceId: number
}
