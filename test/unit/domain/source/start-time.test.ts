import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RequestSection } from '../../../../shared/domain/source/request-section.ts'
import { START_TIME } from '../../../../shared/domain/source/start-time.ts'

const NOW_MS = Date.UTC(2026, 2, 1, 12, 0, 0, 500)
const DAY_MS = 86_400_000

function check(start_time: unknown, nowMs = NOW_MS) {
  const section: RequestSection = { path: 'config', values: { start_time }, faults: [] }
  const value = START_TIME.check(section, 'start_time', { nowMs })
  return { value, faults: section.faults.map(fault => fault.message) }
}

const iso = (ms: number): string => new Date(ms).toISOString()

describe('start_time', () => {
  it('begins 24 hours before creation if none is given', () => {
    expect(check(undefined)).toEqual({ value: '2026-02-28T12:00:00Z', faults: [] })
    expect(check(null).value).toBe('2026-02-28T12:00:00Z')
  })

  it.each([
    ['2026-02-28T00:00:00Z', '2026-02-28T00:00:00Z'],
    ['2026-02-28t00:00:00.999999999z', '2026-02-28T00:00:00Z'],
    ['2026-02-28T01:30:00+01:30', '2026-02-28T00:00:00Z'],
    ['2026-02-27T19:00:00-05:00', '2026-02-28T00:00:00Z'],
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z'],
  ])('turns %s into %s', (given, wanted) => {
    expect(check(given)).toEqual({ value: wanted, faults: [] })
  })

  it.each([
    '2026-02-28',
    '2026-02-28T00:00:00',
    '28.02.2026',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-02-28T25:00:00Z',
    '',
    1_772_236_800,
    {},
  ])('refuses %j and shows an example of a right time', given => {
    expect(check(given)).toEqual({
      value: undefined,
      faults: [expect.stringContaining('2026-01-31T00:00:00Z')],
    })
  })

  it('refuses the future', () => {
    expect(check('2026-03-01T12:00:01Z').faults).toEqual([expect.stringContaining('future')])
  })

  it('goes back 120 days and no further, with one minute of tolerance for a slow request', () => {
    expect(check(iso(NOW_MS - 120 * DAY_MS)).faults).toEqual([])
    expect(check(iso(NOW_MS - 120 * DAY_MS - 59_000)).faults).toEqual([])
    expect(check(iso(NOW_MS - 120 * DAY_MS - 61_000)).faults).toEqual([
      'must be at most 120 days back, so not before 2025-11-01T12:00:00Z',
    ])
  })

  it('takes the very second in which it is given, and that of the tolerance', () => {
    const nowMs = Date.UTC(2026, 2, 1)
    expect(check(iso(nowMs), nowMs).faults).toEqual([])
    expect(check(iso(nowMs - 120 * DAY_MS - 60_000), nowMs).faults).toEqual([])
    expect(check(iso(nowMs - 120 * DAY_MS - 61_000), nowMs).faults).toHaveLength(1)
  })

  it('keeps every time of the window exact to the second, in any time zone', () => {
    const time = fc.integer({ min: NOW_MS - 120 * DAY_MS, max: NOW_MS })
    const zone = fc.integer({ min: -14 * 60, max: 14 * 60 })
    fc.assert(
      fc.property(time, zone, (ms, minutes) => {
        const local = iso(ms + minutes * 60_000).slice(0, -1)
        const sign = minutes < 0 ? '-' : '+'
        const pad = (n: number) => String(Math.trunc(Math.abs(n))).padStart(2, '0')
        const { value = '' } = check(`${local}${sign}${pad(minutes / 60)}:${pad(minutes % 60)}`)
        expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
        expect(Date.parse(value)).toBe(Math.floor(ms / 1000) * 1000)
      }),
    )
  })
})
