import { type Instant, instantAt } from './instant.ts'

/**
 * Where readers find a late event: after all events that were returned before it arrived, or behind the cursors that
 * have passed its time.
 */
export type LatePlace = 'on-arrival' | 'behind'

/** A span of time. Some of its events become visible only after a delay. */
export interface Lateness {
  /** Not included, because a reader may have seen an event of this very instant already. */
  readonly from: Instant
  /** Included. Absent while the mode is on. */
  to?: Instant
  readonly delayMs: number
  readonly place: LatePlace
}

/** Begins a span. An event that happens in the span stays late after the span has ended. */
export function startLateness(
  spans: Lateness[],
  { nowMs, delayMs, place }: { nowMs: number; delayMs: number; place: LatePlace },
): void {
  spans.push({ from: instantAt(nowMs), delayMs, place })
}

/** Ends the span that is open now, if there is one. */
export function endLateness(spans: readonly Lateness[], nowMs: number): void {
  for (const span of spans) span.to ??= instantAt(nowMs)
}

/**
 * First letters of the uuids of late events: nearly one event in ten. Whether an event is late must not depend on the
 * reader or on the time of reading.
 */
const LATE_INITIALS = ['A', 'B', 'C']

/** Returns the span that makes an event late; undefined if it is on time. */
export const findLateness = (
  spans: readonly Lateness[],
  { instant, uuid }: { readonly instant: Instant; readonly uuid: string },
): Lateness | undefined =>
  LATE_INITIALS.includes(uuid.charAt(0))
    ? spans.find(({ from, to }) => instant > from && (to === undefined || instant <= to))
    : undefined
