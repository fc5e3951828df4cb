import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jitteredMs, retryAfterMs } from '../../../../shared/domain/stream/back-off.ts'

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('the wait before another attempt', () => {
  it('is between nothing and a limit that doubles from two seconds to twenty', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fraction, (attempt, where) => {
        const waitMs = jitteredMs(attempt, where)
        expect(waitMs).toBeGreaterThanOrEqual(0)
        expect(waitMs).toBeLessThan(Math.min(20_000, 1000 * 2 ** attempt))
        expect(Number.isInteger(waitMs)).toBe(true)
      }),
    )
  })

  it.each([
    [1, 1000],
    [2, 2000],
    [3, 4000],
    [9, 10_000],
  ])('is uniform: half of the cap in the middle, attempt %i', (attempt, ms) => {
    expect(jitteredMs(attempt, 0)).toBe(0)
    expect(jitteredMs(attempt, 0.5)).toBe(ms)
  })
})

describe('Retry-After', () => {
  const nowMs = Date.parse('2026-03-01T12:00:00Z')

  it.each([
    ['0', 0],
    ['7', 7000],
    [' 120 ', 120_000],
    ['Sun, 01 Mar 2026 12:01:30 GMT', 90_000],
    ['Sunday, 01-Mar-26 12:01:30 GMT', 90_000],
    ['Sun Mar  1 12:01:30 2026 GMT', 90_000],
    ['Sun, 01 Mar 2026 11:59:59 GMT', 0],
    ['', 0],
    ['soon', 0],
    ['-5', 0],
    ['1.5', 0],
    ['12s', 0],
    [undefined, 0],
  ])('%j is a wait of %i ms', (header, ms) => {
    expect(retryAfterMs(header, nowMs)).toBe(ms)
  })

  it('is always a number and never negative, whatever the header says', () => {
    fc.assert(
      fc.property(fc.string(), header => {
        expect(retryAfterMs(header, nowMs)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
