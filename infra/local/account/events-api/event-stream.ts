import type { Instant } from './instant.ts'

/** The versions of the API that serve the same events, v2 with more members (reference §2). */
export type Version = 1 | 2

export interface StoredEvent {
  readonly instant: Instant
  readonly uuid: string
  /** Sorts by (instant, uuid) and names the event's place. */
  readonly key: string
  /** The event's JSON text. */
  text(version: Version): string
}

/** An event at the place where readers meet it: elsewhere than its time says if it came late. */
export interface PlacedEvent {
  readonly key: string
  readonly event: StoredEvent
}

export interface Reading {
  /** A key, or an instant to begin at the first event not before it. */
  readonly after: string
  readonly now: Instant
  /** Events at or past this instant are not wanted. */
  readonly end?: Instant
}

/** All events of one feature that can be seen now. */
export interface EventStream {
  /** In the order of their keys. */
  read(reading: Reading): Iterable<PlacedEvent>
  /** Where a reset cursor with this start really begins. */
  startFor(start: Instant, now: Instant): Instant
}

export const eventKey = (instant: Instant, uuid: string): string => `${instant} ${uuid}`
