import type { Instant } from './instant.ts'

/**
 * The versions of the API. They serve the same events; v2 has more members (docs/reference/events-api.md, "Endpoints").
 */
export type Version = 1 | 2

export interface StoredEvent {
  readonly instant: Instant
  /** The event's JSON text, or a function that makes it. */
  readonly json: string | ((version: Version) => string)
}

/** An event, and the position that a reader has after it. */
export interface PlacedEvent {
  readonly position: string
  readonly event: StoredEvent
}

export interface Reading {
  /** Only events behind this position are read. */
  readonly after: string
  readonly nowMs: number
  /** Events of this instant or later are not needed. */
  readonly end?: Instant
}

/** Where a chain of cursors begins. */
export interface Beginning {
  /** The chain has no event that is older. */
  readonly start: Instant | ''
  readonly after: string
}

/** The events of one feature. Only the stream knows what its positions mean; a cursor carries them as text. */
export interface EventStream {
  begin(start: Instant, nowMs: number): Beginning
  /** Returns the events that can be seen now, in the order in which every reader meets them. */
  read(reading: Reading): Iterable<PlacedEvent>
  isPosition(text: string): boolean
}

export const jsonText = ({ json }: StoredEvent, version: Version): string =>
  typeof json === 'string' ? json : json(version)

export interface ListedEvent extends StoredEvent {
  /** Epoch milliseconds. Readers meet nothing before this event is visible. @default always */
  readonly visibleMs?: number
}

export interface ListedStreamOptions<Item> {
  readonly toEvent: (item: Item) => ListedEvent
  /** Replaces the start that a request asks for. */
  readonly moveStart?: (start: Instant, nowMs: number) => Instant | ''
}

/** Serves a list in its own order. The list may grow at its end. A position is the number of events before it. */
export function listedStream<Item>(
  items: readonly Item[],
  { toEvent, moveStart }: ListedStreamOptions<Item>,
): EventStream {
  return {
    begin: (start, nowMs) => ({ start: moveStart ? moveStart(start, nowMs) : start, after: '0' }),
    isPosition: text => /^\d+$/.test(text),
    *read({ after, nowMs }) {
      for (let at = Number(after); at < items.length; at += 1) {
        const event = toEvent(items[at] as Item)
        if (event.visibleMs !== undefined && event.visibleMs > nowMs) return
        yield { position: String(at + 1), event }
      }
    },
  }
}
