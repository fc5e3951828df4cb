import { toIsoTime } from '../stream/timestamp.ts'

/** For so many hours a task counts its events: the hour that is running, and those before it. */
export const COUNTED_HOURS = 24

const HOUR_MS = 3_600_000

const toHour = (epochMs: number): number => Math.floor(epochMs / HOUR_MS)

/*
 * A task that is leased and whose token is about to expire leaves 30 bytes of its write unit. So the stored form has two
 * bytes for the hour, up to four for its count, and one byte for each hour before. Stored bytes are hex digits here.
 */

/** The hour is stored without its upper bits: they follow from the present time, unless that is years away. */
const HOUR_BYTES = 2
const HOURS_ROUND = 2 ** 16

const hex = (number: number, bytes = 1): string => number.toString(16).padStart(bytes * 2, '0')

/** No hour has more events: 600 requests a minute bring 36 million. */
const MAX_COUNT = 2 ** 28 - 1

/** A byte of the exact count holds seven bits. The highest one says that another byte follows. */
const CONTINUED = 0x80

const exactly = (count: number): string =>
  count < CONTINUED
    ? hex(count)
    : hex((count % CONTINUED) + CONTINUED) + exactly(Math.floor(count / CONTINUED))

/** Up to here a byte is the count itself. Above, each step is a 16th more than the one before: 11 of them double it. */
const EXACT = 16
const STEPS_TO_DOUBLE = 11

const round = (count: number): number =>
  count <= EXACT ? count : Math.min(EXACT + Math.round(STEPS_TO_DOUBLE * Math.log2(count / EXACT)), 0xff)

const unround = (byte: number): number =>
  byte <= EXACT ? byte : Math.round(EXACT * 2 ** ((byte - EXACT) / STEPS_TO_DOUBLE))

interface Counted {
  /** The hour of the first count, without its upper bits. */
  readonly hour: number
  /** Each count after the first is of the hour before. */
  readonly counts: readonly number[]
}

const NOTHING: Counted = { hour: 0, counts: [] }

/** The hour, the bytes of the exact count, and the last of them; then the rounded counts. */
const FORM = /^((?:[0-9a-f]{2}){2})((?:[89a-f][0-9a-f]){0,3}[0-7][0-9a-f])((?:[0-9a-f]{2})*)$/

const toBytes = (digits: string): number[] =>
  Array.from(digits.match(/../g) ?? [], byte => Number.parseInt(byte, 16))

/** Returns nothing for a text that is not in our form. */
function parse(stored = ''): Counted {
  const [, hour, exact = '', rounded = ''] = FORM.exec(stored) ?? []
  if (hour === undefined) return NOTHING
  const latest = toBytes(exact).reduceRight((count, byte) => count * CONTINUED + (byte % CONTINUED), 0)
  return { hour: Number.parseInt(hour, 16), counts: [latest, ...toBytes(rounded).map(unround)] }
}

/**
 * Returns the counts as of an hour, the latest first. Clocks differ a little, so what was counted in the next hour belongs
 * to this one. What lies further ahead was counted by a wrong clock and is left out.
 */
function countsUntil(hour: number, stored: string | undefined): number[] {
  const { hour: since, counts } = parse(stored)
  const passed = ((((hour - since) % HOURS_ROUND) + 1.5 * HOURS_ROUND) % HOURS_ROUND) - HOURS_ROUND / 2
  const until = Array<number>(COUNTED_HOURS).fill(0)
  for (const [index, count] of counts.entries()) {
    const age = passed + index
    const at = age === -1 ? 0 : age
    if (at >= 0 && at < COUNTED_HOURS) until[at] = (until[at] ?? 0) + count
  }
  return until
}

/**
 * Returns the stored counts after a delivery of so many events. The running hour is exact, those before it are rounded to
 * three in a hundred. Old hours, and a text that is not in our form, are forgotten.
 */
export function addToHourlyEvents(stored: string | undefined, events: number, nowMs: number): string {
  const hour = toHour(nowMs)
  const [running = 0, ...before] = countsUntil(hour, stored)
  const used = before.slice(0, before.findLastIndex(count => count > 0) + 1)
  return (
    hex(((hour % HOURS_ROUND) + HOURS_ROUND) % HOURS_ROUND, HOUR_BYTES) +
    exactly(Math.min(running + events, MAX_COUNT)) +
    used.map(count => hex(round(count))).join('')
  )
}

/** Returns when the first of the counted hours began. RFC 3339. */
export const countedSince = (nowMs: number): string =>
  toIsoTime((toHour(nowMs) - COUNTED_HOURS + 1) * HOUR_MS)

/** Returns how many events were delivered in each of the last 24 hours, the oldest first. The last hour is running. */
export const readHourlyEvents = (stored: string | undefined, nowMs: number): readonly number[] =>
  countsUntil(toHour(nowMs), stored).toReversed()
