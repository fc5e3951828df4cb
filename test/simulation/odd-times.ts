import { parseInstant } from '../../infra/local/account/events-api/instant.ts'
import type { Random } from '../../infra/local/account/random.ts'
import type { AccountEvent } from './history.ts'

/** Changes what an event says of itself. */
type Oddity = (event: AccountEvent, random: Random) => AccountEvent

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Mostly minutes or hours, now and then years. */
const AHEAD_MS = [MINUTE_MS, 20 * MINUTE_MS, 180 * MINUTE_MS, DAY_MS, 3 * DAY_MS, 10_000 * DAY_MS] as const

const TIMESTAMP = /"timestamp":"[^"]*"/

/**
 * The event shows another time. The Events API filters by the time that an event shows, and by its own if that is none.
 * An event that shows a time far back would never be seen again, so its own time counts, too.
 */
function withTime(event: AccountEvent, timestamp: string, isFilteredByIt: boolean): AccountEvent {
  const instant = isFilteredByIt ? parseInstant(timestamp) : undefined
  return {
    ...event,
    json: event.json.replace(TIMESTAMP, `"timestamp":"${timestamp}"`),
    ...(instant !== undefined && { instant }),
  }
}

const ODDITIES: readonly Oddity[] = [
  (event, random) => {
    const ms = event.atMs + random.pick(AHEAD_MS) * (0.5 + random.fraction())
    return withTime(event, new Date(Math.floor(ms)).toISOString(), true)
  },
  event => withTime(event, '9999-12-31T23:59:59Z', true),
  event => withTime(event, '99999-01-01T00:00:00Z', false),
  event => withTime(event, 'the other day', false),
  event => withTime(event, '1970-01-01T00:00:00Z', false),
  (event, random) => withTime(event, new Date(event.atMs - random.integer(40 * DAY_MS)).toISOString(), false),
  event => ({ ...event, json: event.json.replace(/"timestamp":"[^"]*",/, '') }),
  // The checks still find the id at its place.
  event => ({ ...event, json: event.json.replace('"uuid"', '"idno"') }),
]

const SHARES = [0.003, 0.003, 0.03, 0.3] as const

/** Dates some events of an account ahead or far back, or gives them no time that can be read, or no uuid. */
export function withOddTimes(events: readonly AccountEvent[], random: Random): readonly AccountEvent[] {
  const share = random.pick(SHARES)
  return events.map(event => (random.chance(share) ? random.pick(ODDITIES)(event, random) : event))
}
