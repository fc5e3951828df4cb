import type { EventStream, PlacedEvent, Reading } from '../events-api/event-stream.ts'
import { instantAt, shiftInstant } from '../events-api/instant.ts'
import { findLateness, type Lateness } from '../events-api/lateness.ts'
import { eventKey, type History } from './history.ts'

const INSTANT_LENGTH = 29
const POSITION = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?: |$)/

const byPosition = (one: PlacedEvent, other: PlacedEvent): number => (one.position < other.position ? -1 : 1)

/** Returns the events in the order in which readers meet them. A late event is met where it arrives. */
function* eventsByArrival(
  history: History,
  spans: readonly Lateness[],
  { nowMs, end, after }: Reading,
): Iterable<PlacedEvent> {
  const now = instantAt(nowMs)
  const until = end !== undefined && end < now ? end : now
  const maxDelay = Math.max(0, ...spans.map(({ delayMs }) => delayMs))
  const from = maxDelay > 0 && after !== '' ? shiftInstant(after.slice(0, INSTANT_LENGTH), -maxDelay) : after
  let held: PlacedEvent[] = []
  for (const event of history(from, until)) {
    const due = held.filter(({ position }) => position < event.key)
    if (due.length > 0) held = held.filter(({ position }) => position > event.key)
    yield* due
    const late = findLateness(spans, event)
    const visible = late ? shiftInstant(event.instant, late.delayMs) : event.instant
    if (late?.place === 'on-arrival') {
      held = [...held, { position: eventKey(visible, event.uuid), event }].sort(byPosition)
    } else if (visible <= now) yield { position: event.key, event }
  }
  yield* held.filter(({ position }) => position.slice(0, INSTANT_LENGTH) <= now)
}

/** Serves a history, with the lateness that the account was switched to. Positions are keys of events. */
export function generatedStream(history: History, lateness: readonly Lateness[]): EventStream {
  return {
    begin: start => ({ start, after: start }),
    isPosition: text => POSITION.test(text),
    *read(reading) {
      for (const placed of eventsByArrival(history, lateness, reading)) {
        if (placed.position > reading.after) yield placed
      }
    },
  }
}
