import {
  type EventStream,
  eventKey,
  type PlacedEvent,
  type Reading,
  type StoredEvent,
} from '../events-api/event-stream.ts'
import { type Instant, instantOf, shifted } from '../events-api/instant.ts'
import type { EventLog } from './history.ts'

/** A span of time some of whose events become visible only later. */
export interface Lateness {
  /** Left out: an event of this very instant could be seen already. */
  readonly from: Instant
  /** Taken in; open while the mode is on. */
  to?: Instant
  readonly delayMs: number
  /** Where they then are: after what was returned before, or behind every cursor that has passed their time. */
  readonly place: 'on-arrival' | 'behind'
}

/** Nearly one event in ten: whether an event is late must not depend on who asks when. */
const LATE_INITIALS = ['A', 'B', 'C']

const latenessOf = (all: readonly Lateness[], { instant, uuid }: StoredEvent): Lateness | undefined =>
  LATE_INITIALS.includes(uuid.charAt(0))
    ? all.find(({ from, to }) => instant > from && (to === undefined || instant <= to))
    : undefined

const byKey = (one: PlacedEvent, other: PlacedEvent): number => (one.key < other.key ? -1 : 1)

/** Events in the order in which readers meet them, the late ones at the time of their arrival. */
function* arrivals(log: EventLog, all: readonly Lateness[], reading: Reading): Iterable<PlacedEvent> {
  const { now, end, after } = reading
  const until = end !== undefined && end < now ? end : now
  const maxDelay = Math.max(0, ...all.map(({ delayMs }) => delayMs))
  const from = maxDelay > 0 && after !== '' ? shifted(after.slice(0, 29), -maxDelay) : after
  let held: PlacedEvent[] = []
  for (const event of log(from, until)) {
    const due = held.filter(({ key }) => key < event.key)
    if (due.length > 0) held = held.filter(({ key }) => key > event.key)
    yield* due
    const late = latenessOf(all, event)
    const seen = late ? shifted(event.instant, late.delayMs) : event.instant
    if (late?.place === 'on-arrival') {
      held = [...held, { key: eventKey(seen, event.uuid), event }].sort(byKey)
    } else if (seen <= now) yield { key: event.key, event }
  }
  yield* held.filter(({ key }) => key.slice(0, 29) <= now)
}

/** A generated history, with the lateness that the account was told to have. */
export function generatedStream(log: EventLog, lateness: readonly Lateness[]): EventStream {
  return {
    startFor: start => start,
    *read(reading) {
      for (const placed of arrivals(log, lateness, reading)) if (placed.key > reading.after) yield placed
    },
  }
}

/** Lateness begins and ends with the mode: an event keeps the place that it had when it happened. */
export function startLateness(
  all: Lateness[],
  nowMs: number,
  delayMs: number,
  place: Lateness['place'],
): void {
  all.push({ from: instantOf(nowMs), delayMs, place })
}

/** Ends what is open at this moment. */
export function endLateness(all: readonly Lateness[], nowMs: number): void {
  for (const lateness of all) lateness.to ??= instantOf(nowMs)
}
