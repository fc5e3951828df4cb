import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addToHourlyEvents,
  COUNTED_HOURS,
  countedSince,
  readHourlyEvents,
} from '../../../../shared/domain/task/hourly-events.ts'

const HOUR_MS = 3_600_000
const NOW_MS = Date.parse('2026-03-01T12:34:56.789Z')

interface Delivery {
  readonly atMs: number
  readonly events: number
}

const stored = (deliveries: readonly Delivery[], before?: string): string | undefined =>
  deliveries.reduce<string | undefined>(
    (text, { atMs, events }) => addToHourlyEvents(text, events, atMs),
    before,
  )

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

/** Counts of the last hours as a list of deliveries has them. */
function counted(deliveries: readonly Delivery[], nowMs: number): number[] {
  const hour = (ms: number) => Math.floor(ms / HOUR_MS)
  return Array.from({ length: COUNTED_HOURS }, (_, index) => {
    const wanted = hour(nowMs) - COUNTED_HOURS + 1 + index
    return sum(deliveries.filter(({ atMs }) => hour(atMs) === wanted).map(({ events }) => events))
  })
}

const events = fc.oneof(
  fc.integer({ min: 1, max: 1000 }),
  fc.constantFrom(1, 15, 16, 17, 127, 128, 16_383, 16_384),
)

/** Deliveries of a clock that never goes back. */
const inOrder = fc
  .array(fc.record({ waitMs: fc.integer({ min: 0, max: 3 * HOUR_MS }), events }), { maxLength: 40 })
  .map(steps => {
    let atMs = NOW_MS
    return steps.map(step => {
      atMs += step.waitMs
      return { atMs, events: step.events }
    })
  })

const anyTime = fc.integer({ min: 0, max: Date.UTC(2400, 0) })

/** Hours that are over are rounded when they are stored. Some roundings follow each other, if the clock goes back. */
const about = (count: number): { least: number; most: number } => ({
  least: Math.floor(count * 0.965),
  most: Math.ceil(count * 1.035),
})

describe('the events of the last hours', () => {
  it('are counted in the hour in which they were delivered, for 24 hours', () => {
    fc.assert(
      fc.property(inOrder, fc.integer({ min: 0, max: 30 * HOUR_MS }), (deliveries, laterMs) => {
        const nowMs = (deliveries.at(-1)?.atMs ?? NOW_MS) + laterMs
        const read = readHourlyEvents(stored(deliveries), nowMs)
        for (const [index, count] of counted(deliveries, nowMs).entries()) {
          const { least, most } = about(count)
          expect(read[index]).toBeGreaterThanOrEqual(least)
          expect(read[index]).toBeLessThanOrEqual(most)
        }
      }),
    )
  })

  it('are exact in the hour that is running, and up to 16 in those before', () => {
    fc.assert(
      fc.property(fc.nat(16), fc.integer({ min: 1, max: 2 ** 28 - 1 }), (before, now) => {
        const text = stored([
          { atMs: NOW_MS - HOUR_MS, events: before },
          { atMs: NOW_MS, events: now },
        ])
        expect(readHourlyEvents(text, NOW_MS).slice(-2)).toEqual([before, now])
      }),
    )
  })

  it('are not rounded again with each hour that passes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40_000_000 }), count => {
        const first = stored([
          { atMs: NOW_MS, events: count },
          { atMs: NOW_MS + HOUR_MS, events: 1 },
        ])
        const later = addToHourlyEvents(first, 1, NOW_MS + 20 * HOUR_MS)
        expect(readHourlyEvents(later, NOW_MS + 20 * HOUR_MS)[3]).toBe(
          readHourlyEvents(first, NOW_MS + HOUR_MS)[22],
        )
      }),
    )
  })

  it('end with the hour that is running, and begin 23 hours before it', () => {
    expect(countedSince(NOW_MS)).toBe('2026-02-28T13:00:00.000Z')
    expect(readHourlyEvents(addToHourlyEvents(undefined, 7, NOW_MS), NOW_MS).at(-1)).toBe(7)
    expect(readHourlyEvents(addToHourlyEvents(undefined, 7, NOW_MS - 23 * HOUR_MS), NOW_MS).at(0)).toBe(7)
    expect(sum(readHourlyEvents(addToHourlyEvents(undefined, 7, NOW_MS - 24 * HOUR_MS), NOW_MS))).toBe(0)
  })

  it('are none for a task of an earlier deployment', () => {
    expect(readHourlyEvents(undefined, NOW_MS)).toEqual(Array(24).fill(0))
  })

  it('count what a clock that is a few minutes ahead delivered just after the hour', () => {
    const fullHour = Date.parse('2026-03-01T13:00:00Z')
    const text = stored([
      { atMs: fullHour + 1000, events: 5 },
      { atMs: fullHour - 1000, events: 3 },
    ])
    expect(readHourlyEvents(text, fullHour - 1).at(-1)).toBe(8)
    expect(sum(readHourlyEvents(text, fullHour + 1000))).toBe(8)
  })

  it('leave out what a clock counted that is hours ahead, and go on', () => {
    const text = stored([
      { atMs: NOW_MS + 2 * HOUR_MS, events: 5 },
      { atMs: NOW_MS, events: 3 },
    ])
    expect(readHourlyEvents(text, NOW_MS)).toEqual([...Array(23).fill(0), 3])
  })

  it('are forgotten when a table is restored years later', () => {
    const before = addToHourlyEvents(undefined, 100, NOW_MS)
    for (const hours of [24, 1000, 32_767, 32_768, 60_000]) {
      expect(sum(readHourlyEvents(before, NOW_MS + hours * HOUR_MS))).toBe(0)
    }
  })

  it('never are much more than what was delivered, whatever the clocks say', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ atMs: anyTime, events }), { maxLength: 30 }),
        anyTime,
        (list, nowMs) => {
          const read = readHourlyEvents(stored(list), nowMs)
          expect(read).toHaveLength(COUNTED_HOURS)
          expect(sum(read)).toBeLessThanOrEqual(sum(list.map(each => each.events)) * 1.04)
        },
      ),
    )
  })

  it('include every event that was just delivered, after whatever a restored or damaged table holds', () => {
    const damaged = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), maxLength: 240 }),
      fc.uint8Array({ maxLength: 120 }).map(bytes => Buffer.from(bytes).toString('hex')),
    )
    fc.assert(
      fc.property(damaged, anyTime, events, (before, nowMs, fresh) => {
        const text = addToHourlyEvents(before, fresh, nowMs)
        const read = readHourlyEvents(text, nowMs)
        expect(text.length / 2).toBeLessThanOrEqual(29)
        expect(read.at(-1)).toBeGreaterThanOrEqual(fresh)
        expect(read.every(count => Number.isSafeInteger(count) && count >= 0)).toBe(true)
      }),
    )
  })

  it('take at most 29 bytes of the item, and four after a quiet day', () => {
    const full = (each: number): string =>
      stored(Array.from({ length: 48 }, (_, i) => ({ atMs: NOW_MS + i * HOUR_MS, events: each }))) ?? ''
    expect(full(2 ** 21 - 1).length / 2).toBe(28)
    expect(full(10 ** 12).length / 2).toBe(29)
    expect(addToHourlyEvents(full(9), 200, NOW_MS + 71 * HOUR_MS).length / 2).toBe(4)
  })
})
