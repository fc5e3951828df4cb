import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareTimestamps,
  isTimestamp,
  timestampRange,
  toEpochMs,
  toUtcDate,
  wholeSeconds,
} from '../../../../shared/domain/stream/timestamp.ts'
import { examples } from '../../../support/examples.ts'

interface Moment {
  readonly text: string
  /** Units of the last of 12 decimals. */
  readonly exact: bigint
}

const DECIMALS = 12n

/** A time written with an offset and 0 to 12 decimals, beside its exact value. */
const moment: fc.Arbitrary<Moment> = fc
  .record({
    seconds: fc.oneof(
      fc.integer({ min: 0, max: 4_000_000_000 }),
      fc.integer({ min: 1_700_000_000, max: 1_700_000_003 }),
    ),
    fraction: fc.string({ unit: fc.constantFrom('0', '1', '9'), maxLength: 12 }),
    offsetMinutes: fc.integer({ min: -14 * 60, max: 14 * 60 }),
    zulu: fc.boolean(),
  })
  .map(({ seconds, fraction, offsetMinutes, zulu }) => {
    const shift = zulu ? 0 : offsetMinutes
    const local = new Date((seconds + shift * 60) * 1000).toISOString().slice(0, 19)
    const [hours, minutes] = [Math.trunc(Math.abs(shift) / 60), Math.abs(shift) % 60]
    const offset = `${shift < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
    return {
      text: `${local}${fraction && `.${fraction}`}${zulu ? 'Z' : offset}`,
      exact: BigInt(seconds) * 10n ** DECIMALS + BigInt(fraction.padEnd(Number(DECIMALS), '0')),
    }
  })

const toSign = (value: bigint): number => (value < 0n ? -1 : Number(value > 0n))

/** Two digits, mostly such as occur in times. */
const digits = fc
  .oneof(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 31 }))
  .map(number => String(number).padStart(2, '0'))

describe('the seconds of a timestamp', () => {
  it('are those of Date.parse, also for times that do not exist', () => {
    const year = fc.constantFrom('0000', '0099', '1969', '1970', '2024', '2026', '9999', '20x6')
    const rest = fc.tuple(
      digits,
      digits,
      digits,
      digits,
      digits,
      fc.constantFrom('', '.', '.5', '.123456789', '.1x'),
    )
    fc.assert(
      fc.property(year, rest, fc.constantFrom('Z', 'z', '', 'ZZ'), (y, [mo, d, h, mi, s, fraction], zone) => {
        const whole = `${y}-${mo}-${d}T${h}:${mi}:${s}`
        const isForm =
          /^\d+-/.test(whole) && ['', '.5', '.123456789'].includes(fraction) && /^[Zz]$/.test(zone)
        expect(toEpochMs(`${whole}${fraction}${zone}`)).toBe(isForm ? Date.parse(`${whole}Z`) : Number.NaN)
      }),
      { numRuns: examples(2000) },
    )
  })
})

describe('comparing timestamps', () => {
  it('agrees with their exact values, whatever their decimals and offsets', () => {
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        expect(Math.sign(compareTimestamps(a.text, b.text))).toBe(toSign(a.exact - b.exact))
      }),
    )
  })

  it.each([
    ['2026-03-01T00:00:00Z', '2026-03-01T00:00:00.000Z', 0],
    ['2026-03-01T00:00:00.5Z', '2026-03-01T00:00:00.49Z', 1],
    ['2026-03-01T00:00:00.123456789Z', '2026-03-01T00:00:00.12345678901Z', -1],
    ['2026-03-01T00:00:00-03:00', '2026-03-01T03:00:00Z', 0],
    ['2026-03-01T00:00:00+00:00', '2026-03-01T00:00:00-00:00', 0],
    ['2026-03-01t00:00:00z', '2026-03-01 00:00:00Z', 0],
    ['yesterday', '1970-01-01T00:00:00Z', -1],
    ['1970-01-01T00:00:00Z', '', 1],
    ['yesterday', 'tomorrow', 0],
  ])('%s and %s', (a, b, sign) => {
    expect(Math.sign(compareTimestamps(a, b))).toBe(sign)
  })

  it.each([
    '',
    'now',
    '2026-03-01',
    '2026-03-01T00:00:00',
    '2026-13-01T00:00:00Z',
    '2026-03-01T25:00:00Z',
    '2026-03-01T00:00:00.Z',
    ' 2026-03-01T00:00:00Z',
  ])('does not take %j for a time', text => {
    expect(isTimestamp(text)).toBe(false)
    expect(toEpochMs(text)).toBeNaN()
  })
})

describe('the range of timestamps', () => {
  it('has the exact smallest and largest, as written, and ignores what is missing or not a time', () => {
    const others = fc.constantFrom(undefined, '', 'no time', '2026-99-99T00:00:00Z')
    fc.assert(
      fc.property(fc.array(fc.oneof(moment, others)), list => {
        const moments = list.filter(entry => typeof entry === 'object')
        const { first, last } = timestampRange(
          list.map(entry => (typeof entry === 'object' ? entry.text : entry)),
        )
        const order = moments.toSorted((a, b) => toSign(a.exact - b.exact))
        const findExactTime = (text: string | undefined) => moments.find(entry => entry.text === text)?.exact
        expect(findExactTime(first)).toBe(order[0]?.exact)
        expect(findExactTime(last)).toBe(order.at(-1)?.exact)
      }),
    )
  })

  it('keeps the spelling that came first where two are the same time', () => {
    const [plain, long] = ['2026-03-01T00:00:00Z', '2026-03-01T00:00:00.000Z']
    expect(timestampRange([plain, long])).toStrictEqual({ first: plain, last: plain })
  })

  it('has the last one, whatever the order', () => {
    const [early, late] = ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z']
    for (const times of [
      [early, late],
      [late, early],
    ])
      expect(timestampRange(times)).toStrictEqual({ first: early, last: late })
  })

  it('has neither member if there is no timestamp', () => {
    expect(timestampRange([undefined, 'x'])).toStrictEqual({})
  })
})

describe('times that are sent', () => {
  it('are whole seconds, rounded down, in UTC with Z', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), ms => {
        const text = wholeSeconds(ms)
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
        expect(toEpochMs(text)).toBe(Math.floor(ms / 1000) * 1000)
      }),
    )
  })

  it('are rounded down to the second, whatever their decimals', () => {
    expect(toEpochMs('2026-03-01T00:00:00.999999999+01:00')).toBe(Date.parse('2026-02-28T23:00:00Z'))
  })

  it('have the date in UTC', () => {
    expect(toUtcDate(Date.parse('2026-03-01T00:30:00+01:00'))).toBe('2026-02-28')
  })
})
