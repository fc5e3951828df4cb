import { FAR_AHEAD_HOURS, MIN_AGREEING_EVENTS } from '../../contract/limits.ts'
import type { Item } from './item.ts'
import { compareTimestamps, latestOf, toIsoTime, toMilliseconds, wholeSeconds } from './timestamp.ts'

/*
 * Events are dated by clocks that nobody has checked. One that is ahead must not decide what counts as read, as late, or
 * as behind.
 */

const FAR_AHEAD_MS = FAR_AHEAD_HOURS * 3_600_000

/** What the times of a page's events say. Timestamps are as received. */
export interface EventTimes {
  readonly first?: string | undefined
  readonly last?: string | undefined
  /** The largest that is not in the future. */
  readonly past?: string | undefined
  /** A time in whole seconds that half of the events have reached. Only if enough of them have a time. */
  readonly middle?: string | undefined
  /** The largest that is not far ahead. An event without a usable time counts with the present time. */
  readonly reach?: string | undefined
  /** How many are older than the newest event that was delivered before. */
  readonly late: number
}

/** What is known when a page is delivered. */
export interface Delivered {
  readonly nowMs: number
  /** The time that the stream had reached. No event is expected to be much older. */
  readonly since: string
  /** The newest event that was delivered before, as received. */
  readonly newest?: string | undefined
}

interface Dated {
  readonly text: string
  readonly ms: number
}

/** Whether a time was not in the future at that moment. */
export const isPast = (timestamp: string, nowMs: number): boolean => toMilliseconds(timestamp) <= nowMs

/** Whether a time is that of a wrong clock. */
export const isFarAhead = (timestamp: string, nowMs: number): boolean =>
  toMilliseconds(timestamp) > nowMs + FAR_AHEAD_MS

const isBefore = (a: Dated, b: Dated): boolean =>
  a.ms === b.ms ? compareTimestamps(a.text, b.text) < 0 : a.ms < b.ms

const findFirst = (dated: readonly Dated[]): string | undefined =>
  dated.reduce<Dated | undefined>(
    (first, each) => (first && !isBefore(each, first) ? first : each),
    undefined,
  )?.text

const findLast = (dated: readonly Dated[]): string | undefined =>
  dated.reduce<Dated | undefined>((last, each) => (last && !isBefore(last, each) ? last : each), undefined)
    ?.text

/** Most clocks are right, so half of the events cannot be dated ahead. */
function findMiddle(dated: readonly Dated[], nowMs: number): string | undefined {
  if (dated.length < MIN_AGREEING_EVENTS) return undefined
  const sorted = Float64Array.from(dated, ({ ms }) => ms).sort()
  const middleMs = sorted[(sorted.length - 1) >> 1] ?? Number.NaN
  return middleMs <= nowMs ? wholeSeconds(middleMs) : undefined
}

function countLate(dated: readonly Dated[], newest: string | undefined): number {
  if (newest === undefined) return 0
  const last = { text: newest, ms: toMilliseconds(newest) }
  return dated.filter(each => isBefore(each, last)).length
}

/** Reads the times of a page's events. */
export function readEventTimes(items: readonly Item[], { nowMs, since, newest }: Delivered): EventTimes {
  const dated = items.flatMap(({ timestamp: text }) => {
    const ms = text === undefined ? Number.NaN : toMilliseconds(text)
    return text === undefined || Number.isNaN(ms) ? [] : [{ text, ms }]
  })
  const oldestMs = toMilliseconds(since) - FAR_AHEAD_MS
  const isUnusual = dated.length < items.length || dated.some(({ ms }) => ms < oldestMs)
  const last = findLast(dated.filter(({ ms }) => ms <= nowMs + FAR_AHEAD_MS))
  return {
    first: findFirst(dated),
    last: findLast(dated),
    past: findLast(dated.filter(({ ms }) => ms <= nowMs)),
    middle: findMiddle(dated, nowMs),
    reach: isUnusual ? latestOf(last, toIsoTime(nowMs)) : last,
    late: countLate(dated, newest),
  }
}
