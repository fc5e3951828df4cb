import type { Feature } from '../../../../shared/contract/apis.ts'
import type { StoredEvent } from '../events-api/event-stream.ts'
import { epochMs, type Instant, instantAt } from '../events-api/instant.ts'
import { type Random, randomFrom } from '../random.ts'
import { type EventKind, writeEvent } from './made-up-event.ts'
import type { World } from './world.ts'

interface HistoryPlan {
  readonly seed: string
  readonly feature: Feature
  readonly world: World
  readonly kinds: readonly EventKind[]
  /** Events a day on the average of a week. */
  readonly perDay: number
  /** Nothing happened before. Epoch milliseconds. */
  readonly beginMs: number
}

interface HistoricalEvent extends StoredEvent {
  readonly uuid: string
  /** Sorts by instant and uuid. It is the event's position in the history. */
  readonly key: string
}

/** Returns the events behind `after`, up to and including `until`, by key. */
export type History = (after: string, until: Instant) => Iterable<HistoricalEvent>

export const eventKey = (instant: Instant, uuid: string): string => `${instant} ${uuid}`

const HOUR_MS = 3_600_000
const HOURS_PER_WEEK = 168
const BUCKET_MS = 10 * 60_000
const BUCKETS_PER_DAY = 144
const MAX_ROTA_PER_DAY = 12
const CACHED_EVENTS = 10_000

/** How busy each hour of a working day is, in UTC. The company works from Lisbon to Toronto. */
const WORKING_DAY = [2, 1, 1, 1, 1, 2, 5, 12, 20, 24, 24, 21, 20, 26, 30, 30, 28, 25, 20, 16, 12, 9, 6, 4]
const WEEKEND_SHARE = 0.22

/** Day 0 is 1 January 1970, a Thursday. */
const isWeekend = (dayOfWeek: number): boolean => dayOfWeek === 2 || dayOfWeek === 3

const WEEK = Array.from({ length: HOURS_PER_WEEK }, (_, hour) => {
  const busy = WORKING_DAY[hour % 24] ?? 0
  return isWeekend(Math.floor(hour / 24)) ? busy * WEEKEND_SHARE : busy
})
const MEAN = WEEK.reduce((sum, weight) => sum + weight, 0) / HOURS_PER_WEEK

/** How busy the account is at a moment. The average of a week is 1. */
function activityAt(ms: number): number {
  const hour = Math.floor(ms / HOUR_MS) % HOURS_PER_WEEK
  return (WEEK[(hour + HOURS_PER_WEEK) % HOURS_PER_WEEK] ?? 0) / MEAN
}

/** Some events of a day take all kinds in turn, so that even a rare kind occurs within days. */
const rotaPerDay = (perDay: number): number => Math.min(MAX_ROTA_PER_DAY, Math.floor(perDay / 10))

function rotaKinds({ perDay, kinds }: HistoryPlan, bucket: number): EventKind[] {
  const slots = rotaPerDay(perDay)
  const every = Math.floor(BUCKETS_PER_DAY / slots)
  const kind = slots > 0 && bucket % every === 0 ? kinds[(bucket / every) % kinds.length] : undefined
  return kind ? [kind] : []
}

function randomKinds({ perDay, kinds }: HistoryPlan, bucket: number, random: Random): EventKind[] {
  const expected = (perDay - rotaPerDay(perDay)) / BUCKETS_PER_DAY
  const busy = expected * activityAt(bucket * BUCKET_MS) * (0.5 + random.fraction())
  const count = Math.floor(busy + random.fraction())
  return Array.from({ length: count }, () => random.weighted(kinds))
}

const DECIMALS = [0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9, 9] as const

function makeEvent(plan: HistoryPlan, bucket: number, kind: EventKind, random: Random): HistoricalEvent {
  const atMs = bucket * BUCKET_MS + random.integer(BUCKET_MS)
  const exact = instantAt(atMs).slice(0, 23) + String(random.integer(1e6)).padStart(6, '0')
  const decimals = random.pick(DECIMALS)
  const written = decimals === 0 ? exact.slice(0, 19) : exact.slice(0, 20 + decimals)
  const instant = exact.slice(0, 20 + decimals).padEnd(29, '0')
  const uuid = random.uuid()
  const event = kind.build({ world: plan.world, random, atMs, uuid, timestamp: `${written}Z` })
  const ascii = random.chance(0.15)
  const json: StoredEvent['json'] = version => writeEvent(event, { version, ascii })
  return { instant, uuid, key: eventKey(instant, uuid), json }
}

/** The events of a bucket depend on seed, feature, rate and bucket alone, so they can be made again at any time. */
function makeBucket(plan: HistoryPlan, bucket: number): readonly HistoricalEvent[] {
  const random = randomFrom(plan.seed, plan.feature, bucket)
  const kinds = [...rotaKinds(plan, bucket), ...randomKinds(plan, bucket, random)]
  return kinds
    .map(kind => makeEvent(plan, bucket, kind, random))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
}

/** Keeps the buckets that were used last, up to a number of events: a reader comes page by page. */
function cacheBuckets(plan: HistoryPlan): (bucket: number) => readonly HistoricalEvent[] {
  const cache = new Map<number, readonly HistoricalEvent[]>()
  let size = 0
  return bucket => {
    const events = cache.get(bucket) ?? makeBucket(plan, bucket)
    if (!cache.delete(bucket)) size += events.length
    cache.set(bucket, events)
    for (const [oldest, { length }] of cache) {
      if (size <= CACHED_EVENTS && cache.size <= CACHED_EVENTS) break
      if (oldest === bucket) break
      cache.delete(oldest)
      size -= length
    }
    return events
  }
}

/** Creates the past and the future of an account in one feature. It is never in memory as a whole. */
export function createHistory(plan: HistoryPlan): History {
  const begin = instantAt(plan.beginMs)
  const findBucket = cacheBuckets(plan)
  return function* history(after, until) {
    if (plan.perDay === 0) return
    let from = after
    if (from < begin) from = begin
    const last = Math.floor(epochMs(until) / BUCKET_MS)
    for (let bucket = Math.floor(epochMs(from) / BUCKET_MS); bucket <= last; bucket += 1) {
      for (const event of findBucket(bucket)) {
        if (event.instant > until) return
        if (event.key > from) yield event
      }
    }
  }
}
