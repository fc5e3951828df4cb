import { describe, expect, it } from 'vitest'
import { FAR_AHEAD_HOURS, MIN_AGREEING_EVENTS } from '../../../../shared/contract/limits.ts'
import { isFarAhead, isPast, readEventTimes } from '../../../../shared/domain/stream/event-times.ts'

const NOW = '2026-03-02T01:00:00.000Z'
const NOW_MS = Date.parse(NOW)
const HOUR_MS = 3_600_000

const at = (ms: number): string => new Date(NOW_MS + ms).toISOString()

const read = (...timestamps: (string | undefined)[]) =>
  readEventTimes(
    timestamps.map(timestamp => ({ json: Buffer.from('{}'), ...(timestamp !== undefined && { timestamp }) })),
    { nowMs: NOW_MS, since: at(-HOUR_MS) },
  )

describe('the times of a page', () => {
  it('are the first and the last, to the last decimal and as received', () => {
    const [early, late] = ['2026-03-02T00:00:00.0000000001Z', '2026-03-02T02:30:00.5+02:00']
    expect(read('2026-03-02T00:00:00.0000000002Z', late, early)).toMatchObject({
      first: early,
      last: late,
      past: late,
      reach: late,
    })
  })

  it.each([
    ['a millisecond before now', -1, true],
    ['now', 0, true],
    ['a millisecond after now', 1, false],
  ])('count as past until now: %s', (_name, ms, past) => {
    expect(isPast(at(ms), NOW_MS)).toBe(past)
    expect(read(at(ms)).past).toBe(past ? at(ms) : undefined)
    expect(read(at(ms)).last).toBe(at(ms))
  })

  it.each([
    ['just under a day', -1, false],
    ['a day', 0, false],
    ['just over a day', 1, true],
  ])('reach as far as a day ahead: %s', (_name, ms, far) => {
    const time = at(FAR_AHEAD_HOURS * HOUR_MS + ms)
    expect(isFarAhead(time, NOW_MS)).toBe(far)
    expect(read(at(-1), time).reach).toBe(far ? at(-1) : time)
  })

  it.each([
    ['no time', undefined],
    ['an unreadable time', 'yesterday'],
    ['a time later than any bound', '99999-01-01T00:00:00Z'],
    ['a time far back', '1970-01-01T00:00:00Z'],
  ])('reach until the delivery if an event has %s', (_name, time) => {
    expect(read(at(-1000), time).reach).toBe(NOW)
    expect(read(time).reach).toBe(NOW)
  })

  it('are none without events', () => {
    expect(read()).toEqual({ late: 0 })
  })
})

describe('the time that a page has reached', () => {
  const page = (count: number, ahead: number) =>
    read(
      ...Array.from({ length: count - ahead }, (_, i) => at((i - count) * 60_000)),
      ...Array.from({ length: ahead }, () => at(HOUR_MS)),
    )

  it('is known if enough events agree', () => {
    expect(page(MIN_AGREEING_EVENTS, 0).middle).toBe('2026-03-02T00:49:00Z')
    expect(page(MIN_AGREEING_EVENTS - 1, 0).middle).toBeUndefined()
  })

  it('is not moved by clocks that are ahead, unless most are', () => {
    const count = MIN_AGREEING_EVENTS
    expect(page(count, count / 2).middle).toBe('2026-03-02T00:49:00Z')
    expect(page(count, count / 2 + 1).middle).toBeUndefined()
  })
})
