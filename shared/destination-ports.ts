import type { Api } from './contract/apis.ts'
import type { BatchLimits } from './domain/destination/event-batch.ts'
import type { DescribedSource, OutsideDestination } from './domain/source/source.ts'
import type { Item } from './domain/stream/item.ts'

/** Events that a destination takes in one request. */
export interface EventBatch {
  readonly items: readonly Item[]
  readonly api: Api
  readonly described: DescribedSource
  /** The object of the lake that holds the events. Absent if the lake is off. */
  readonly objectKey?: string
}

/** Where events go beside the lake. One adapter a file. */
export interface Destination {
  readonly limits: BatchLimits
  /** What no log, table, event or error may show. */
  readonly secrets: readonly string[]
  /**
   * Hands a batch over. Returns when all its events are durable there. Throws DestinationFailure; some of the events may
   * have been taken all the same.
   */
  deliver(batch: EventBatch, timeoutMs: number): Promise<void>
}

export interface Destinations {
  /** Returns the destination of a collector. Throws DestinationFailure if it cannot be used as it is set up. */
  open(setting: OutsideDestination): Promise<Destination>
  /** The next `open` reads the secret again. */
  forget(setting: OutsideDestination): void
}

/** Each secret has a name of its own, which is never used again. So to remove an old one cannot harm a newer one. */
export interface DestinationSecrets {
  /** Stores the URL or token of a collector's destination. Returns the name of the secret. */
  create(collectorId: number, value: string): Promise<string>
  /** Does nothing if the secret is gone already. */
  remove(name: string): Promise<void>
}
