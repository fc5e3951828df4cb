import type { Feature } from '../../../../shared/contract/apis.ts'
import { eventKey, type StoredEvent } from '../events-api/event-stream.ts'
import { epochMs, type Instant, instantOf } from '../events-api/instant.ts'
import { type Random, randomFrom } from '../random.ts'
import type { EventKind } from './event-kind.ts'
import { eventText } from './event-text.ts'
import { activity } from './rhythm.ts'
import type { World } from './world.ts'

export interface HistoryPlan {
  readonly seed: string
  readonly feature: Feature
  readonly world: World
  readonly kinds: readonly EventKind[]
  readonly perDay: number
  /** Nothing happened before, epoch milliseconds. */
  readonly beginMs: number
}

/** Events past `after`, up to and including `until`, by key. */
export type EventLog = (after: string, until: Instant) => Iterable<StoredEvent>

const BUCKET_MS = 10 * 60_000
const BUCKETS_PER_DAY = 144
const MAX_ROTA_PER_DAY = 12
const CACHED_EVENTS = 10_000

/** Some of a day's events go round all kinds in turn, so that each occurs within days and not by luck. */
const rotaPerDay = (perDay: number): number => Math.min(MAX_ROTA_PER_DAY, Math.floor(perDay / 10))

function rotaKind({ perDay, kinds }: HistoryPlan, bucket: number): EventKind[] {
  const slots = rotaPerDay(perDay)
  const every = Math.floor(BUCKETS_PER_DAY / slots)
  const kind = slots > 0 && bucket % every === 0 ? kinds[(bucket / every) % kinds.length] : undefined
  return kind ? [kind] : []
}

function ordinaryKinds({ perDay, kinds }: HistoryPlan, bucket: number, random: Random): EventKind[] {
  const expected = (perDay - rotaPerDay(perDay)) / BUCKETS_PER_DAY
  const busy = expected * activity(bucket * BUCKET_MS) * (0.5 + random.fraction())
  const count = Math.floor(busy + random.fraction())
  return Array.from({ length: count }, () => random.weighted(kinds))
}

const DECIMALS = [0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9, 9] as const

function makeEvent(plan: HistoryPlan, bucket: number, kind: EventKind, random: Random): StoredEvent {
  const atMs = bucket * BUCKET_MS + random.integer(BUCKET_MS)
  const exact = instantOf(atMs).slice(0, 23) + String(random.integer(1e6)).padStart(6, '0')
  const decimals = random.pick(DECIMALS)
  const written = decimals === 0 ? exact.slice(0, 19) : exact.slice(0, 20 + decimals)
  const instant = exact.slice(0, 20 + decimals).padEnd(29, '0')
  const uuid = random.uuid()
  const event = kind.build({ world: plan.world, random, atMs, uuid, timestamp: `${written}Z` })
  const ascii = random.chance(0.15)
  return { instant, uuid, key: eventKey(instant, uuid), text: version => eventText(event, version, ascii) }
}

/** A bucket's events depend on (seed, feature, rate, bucket) alone: any of them can be made at any time, again and again. */
function bucketEvents(plan: HistoryPlan, bucket: number): readonly StoredEvent[] {
  const random = randomFrom(plan.seed, plan.feature, bucket)
  const kinds = [...rotaKind(plan, bucket), ...ordinaryKinds(plan, bucket, random)]
  return kinds
    .map(kind => makeEvent(plan, bucket, kind, random))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
}

/** Buckets used last, up to a number of events: readers come page by page. */
function cachedBuckets(plan: HistoryPlan): (bucket: number) => readonly StoredEvent[] {
  const cache = new Map<number, readonly StoredEvent[]>()
  let size = 0
  return bucket => {
    const events = cache.get(bucket) ?? bucketEvents(plan, bucket)
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

/** The account's past and future in one feature; never held as a whole. */
export function eventLog(plan: HistoryPlan): EventLog {
  const begin = instantOf(plan.beginMs)
  const eventsOf = cachedBuckets(plan)
  return function* events(after, until) {
    if (plan.perDay === 0) return
    let from = after
    if (from < begin) from = begin
    const last = Math.floor(epochMs(until) / BUCKET_MS)
    for (let bucket = Math.floor(epochMs(from) / BUCKET_MS); bucket <= last; bucket += 1) {
      for (const event of eventsOf(bucket)) {
        if (event.instant > until) return
        if (event.key > from) yield event
      }
    }
  }
}
