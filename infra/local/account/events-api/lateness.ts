import { type Instant, instantAt } from './instant.ts'

/**
 * Where a late event then is: after the events that were returned before it came, or behind the cursors that have passed
 * its time.
 */
export type LatePlace = 'on-arrival' | 'behind'

/** A span of time. Some of its events become visible only after a delay. */
export interface Lateness {
  /** Not included: an event of this very instant may have been seen already. */
  readonly from: Instant
  /** Included. Absent while the mode is on. */
  to?: Instant
  readonly delayMs: number
  readonly place: LatePlace
}

/** Begins a span. It ends with the mode, and an event keeps the lateness that it had when it happened. */
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

/** Nearly one event in ten. Whether an event is late must not depend on who reads it, and when. */
const LATE_INITIALS = ['A', 'B', 'C']

/** Returns the span that makes an event late; undefined if it is on time. */
export const findLateness = (
  spans: readonly Lateness[],
  { instant, uuid }: { readonly instant: Instant; readonly uuid: string },
): Lateness | undefined =>
  LATE_INITIALS.includes(uuid.charAt(0))
    ? spans.find(({ from, to }) => instant > from && (to === undefined || instant <= to))
    : undefined
