import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  arrivalAfterLoan,
  arrivalAfterRequest,
  LOAN,
  loanWaitMs,
  mostRequestsWithoutEvent,
  rateShare,
  rateWaitMs,
} from '../../../../shared/domain/stream/rate-budget.ts'
import { examples } from '../../../support/examples.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** Pauses of a client before its requests: bursts, a steady flow, idleness. */
const pauses = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 500 }) },
    { weight: 1, arbitrary: fc.integer({ min: 500, max: 90_000 }) },
  ),
  { minLength: 1, maxLength: 40 },
)

/** When the requests of a client go that repeats its pauses and waits as it is told. */
function requestTimes(apis: number, pattern: readonly number[], count: number): number[] {
  const share = rateShare(apis)
  let nowMs = Date.parse('2026-03-01T00:00:00Z')
  let arrivalMs = 0
  return Array.from({ length: count }, (_, i) => {
    nowMs += pattern[i % pattern.length] ?? 0
    nowMs += rateWaitMs(share, arrivalMs, nowMs)
    arrivalMs = arrivalAfterRequest(share, arrivalMs, nowMs)
    return nowMs
  })
}

/** The most requests in any window of that length. */
function fullestWindow(times: readonly number[], windowMs: number): number {
  let most = 0
  let from = 0
  for (const [i, time] of times.entries()) {
    while (time - (times[from] ?? time) >= windowMs) from++
    most = Math.max(most, i - from + 1)
  }
  return most
}

describe('a client that waits as long as the budget says', () => {
  it.each([1, 2, 3])(
    'stays within its share of the limits per minute and per hour, as one of %i APIs',
    apis => {
      fc.assert(
        fc.property(pauses, pattern => {
          const times = requestTimes(apis, pattern, 3000)
          expect(fullestWindow(times, MINUTE_MS)).toBeLessThanOrEqual(Math.floor(600 / apis))
          expect(fullestWindow(times, HOUR_MS)).toBeLessThanOrEqual(30_000 / apis)
        }),
        { numRuns: examples(30) },
      )
    },
  )

  it.each([1, 2, 3])('keeps the limit of an hour even if it sends all it may, as one of %i APIs', apis => {
    const times = requestTimes(apis, [0], 40_000 / apis)
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(HOUR_MS)
    expect(fullestWindow(times, HOUR_MS)).toBeLessThanOrEqual(30_000 / apis)
  })

  it.each([
    [1, 300],
    [2, 150],
    [3, 100],
  ])('sends its first burst at once and then evenly: of %i APIs, %i requests', (apis, burst) => {
    const times = requestTimes(apis, [0], burst + 3)
    expect(new Set(times.slice(0, burst)).size).toBe(1)
    const step = MINUTE_MS / burst
    expect(times.slice(burst).map(time => time - (times[0] ?? 0))).toEqual([step, 2 * step, 3 * step])
  })

  it('may burst again after a quiet minute', () => {
    const share = rateShare(3)
    let arrivalMs = 0
    for (let i = 0; i < 100; i++) arrivalMs = arrivalAfterRequest(share, arrivalMs, 1_000_000)
    expect(rateWaitMs(share, arrivalMs, 1_000_000)).toBeGreaterThan(0)
    expect(rateWaitMs(share, arrivalMs, 1_000_000 + MINUTE_MS)).toBe(0)
    expect(rateWaitMs(share, 0, 5)).toBe(0)
  })
})

it.each([
  [1, 75],
  [2, 37],
  [3, 25],
])('without an event a run makes a quarter of a burst: with %i APIs %i requests', (apis, most) => {
  expect(mostRequestsWithoutEvent(rateShare(apis))).toBe(most)
})

interface Use {
  readonly pauseMs: number
  readonly isLoan: boolean
  readonly own: number
  readonly delaysMs: readonly number[]
}

const delays = fc.oneof(
  fc.constantFrom(0, LOAN.timeMs - 1).map(delay => new Array<number>(LOAN.requests).fill(delay)),
  fc.array(fc.nat(LOAN.timeMs - 1), { minLength: LOAN.requests, maxLength: LOAN.requests }),
)

const usePauses = fc.oneof(fc.constantFrom(0, LOAN.timeMs), fc.nat(8_000), fc.nat(90_000))

/** What happens to the share of one API: pauses, then requests of its own or a loan, whose requests go when they like. */
const uses: fc.Arbitrary<readonly Use[]> = fc.array(
  fc.record({
    pauseMs: usePauses,
    isLoan: fc.boolean(),
    own: fc.integer({ min: 1, max: 400 }),
    delaysMs: delays,
  }),
  { minLength: 1, maxLength: 40 },
)

/** When requests of the share go. Runs of its own API wait no longer than they must, and neither do borrowers. */
function requestTimesWithLoans(apis: number, pattern: readonly Use[]): number[] {
  const share = rateShare(apis)
  const times: number[] = []
  let nowMs = Date.parse('2026-03-01T00:00:00Z')
  let arrivalMs = 0
  for (const { pauseMs, isLoan, own, delaysMs } of pattern) {
    nowMs += pauseMs
    if (isLoan) {
      nowMs += loanWaitMs(share, arrivalMs, nowMs)
      times.push(...delaysMs.map(delay => nowMs + delay))
      arrivalMs = arrivalAfterLoan(share, arrivalMs, nowMs)
    }
    for (let i = 0; !isLoan && i < own; i++) {
      nowMs += rateWaitMs(share, arrivalMs, nowMs)
      times.push(nowMs)
      arrivalMs = arrivalAfterRequest(share, arrivalMs, nowMs)
    }
  }
  return times.toSorted((a, b) => a - b)
}

describe('a share that is lent', () => {
  it.each([1, 2, 3])(
    'stays within the limits whatever the order of own and lent requests, of %i APIs',
    apis => {
      fc.assert(
        fc.property(uses, pattern => {
          const times = requestTimesWithLoans(apis, pattern)
          expect(fullestWindow(times, MINUTE_MS)).toBeLessThanOrEqual(Math.floor(600 / apis))
          expect(fullestWindow(times, HOUR_MS)).toBeLessThanOrEqual(30_000 / apis)
        }),
        { numRuns: examples(200) },
      )
    },
  )
})
