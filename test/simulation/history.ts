import type { ListedEvent } from '../../infra/local/account/events-api/event-stream.ts'
import type { Instant } from '../../infra/local/account/events-api/instant.ts'
import { type Random, randomFrom } from '../../infra/local/account/random.ts'
import type { Feature } from '../../shared/contract/apis.ts'

/** One event of an account. Epoch milliseconds. */
export interface AccountEvent extends ListedEvent {
  readonly uuid: string
  readonly atMs: number
  /** When the Events API begins to show it. */
  readonly visibleMs: number
  readonly json: string
}

interface HistoryOptions {
  readonly seed: string
  readonly account: number
  readonly feature: Feature
  readonly fromMs: number
  readonly toMs: number
}

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** Less than the overlap of six hours: a new chain finds all events of these hours again, late ones too. */
const MAX_DELAY_MS = 5 * HOUR_MS

const BUSY_PER_DAY = [0, 20, 60, 150] as const

/** Most events happen by day. */
function ordinaryTime(random: Random, dayMs: number): number {
  const hours = random.chance(0.95) ? 7 + random.fraction() * 13 : random.fraction() * 24
  return dayMs + hours * HOUR_MS
}

function timesOfDay(random: Random, dayMs: number, perDay: number): number[] {
  const ordinary = Array.from({ length: random.integer(2 * perDay + 1) }, () => ordinaryTime(random, dayMs))
  if (perDay === 0 || !random.chance(0.5)) return ordinary
  const burstMs = dayMs + random.fraction() * DAY_MS
  const burst = Array.from({ length: 10 + random.integer(60) }, () => burstMs + random.fraction() * 60_000)
  return [...ordinary, ...burst]
}

interface WrittenTime {
  /** The time in `timestamp`, cut to milliseconds. */
  readonly atMs: number
  readonly timestamp: string
}

/** Writes a time with 0 to 9 decimals, as the service does (docs/reference/events-api.md, "Event types"). */
function writeTime(random: Random, ms: number): WrittenTime {
  const decimals = random.pick([0, 3, 3, 6, 9])
  const atMs = Math.floor(decimals === 0 ? Math.floor(ms / 1000) * 1000 : ms)
  const text = new Date(atMs).toISOString()
  if (decimals <= 3) return { atMs, timestamp: decimals === 0 ? `${text.slice(0, 19)}Z` : text }
  return { atMs, timestamp: `${text.slice(0, 23)}${'1'.repeat(decimals - 3)}Z` }
}

/** Numbers, escapes and repeated members that a JSON parser would change, and names of our own member. */
const ODDITIES = [
  '"n":1.0',
  '"n":12345678901234567890',
  '"t":"caf\\u00e9"',
  '"a":1,"a":2',
  '"x":1E400',
  '"d":null',
  '"_metadata":{"api":"theirs"}',
  '"_Metad\\u0061ta":1,"_metadata_2":[]',
]

/** `timestamp` is in UTC. */
const toInstant = (timestamp: string): Instant =>
  `${timestamp.slice(0, 19)}.${timestamp.slice(20, -1).padEnd(9, '0')}`

function makeEvent(random: Random, ms: number, options: HistoryOptions, lateShare: number): AccountEvent {
  const { atMs, timestamp } = writeTime(random, ms)
  const delayMs = random.chance(lateShare) ? random.integer(MAX_DELAY_MS) : random.integer(2_000)
  const uuid = random.uuid()
  const json = `{"uuid":"${uuid}","timestamp":"${timestamp}",${random.pick(ODDITIES)},"of":${options.account}}`
  return { uuid, atMs, instant: toInstant(timestamp), visibleMs: Math.ceil(ms) + delayMs, json }
}

/** Makes all events of one account and feature, in the order in which they become visible. */
export function createHistory(options: HistoryOptions): readonly AccountEvent[] {
  const { seed, account, feature, fromMs, toMs } = options
  const random = randomFrom(seed, 'history', account, feature)
  const perDay = random.pick(BUSY_PER_DAY)
  const lateShare = random.pick([0, 0.05, 0.3])
  const events: AccountEvent[] = []
  for (let dayMs = Math.floor(fromMs / DAY_MS) * DAY_MS; dayMs < toMs; dayMs += DAY_MS) {
    const times = timesOfDay(random, dayMs, perDay).filter(ms => ms >= fromMs && ms < toMs)
    events.push(...times.map(ms => makeEvent(random, ms, options, lateShare)))
  }
  return events.sort((a, b) => a.visibleMs - b.visibleMs || (a.uuid < b.uuid ? -1 : 1))
}
