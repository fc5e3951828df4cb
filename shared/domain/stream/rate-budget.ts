import { REQUESTS_PER_MINUTE } from '../../contract/limits.ts'

/**
 * Generic cell rate algorithm. Half of an API's share of the minute may go in one burst, the other half comes back
 * evenly over the minute: so no 60 seconds hold more than the share, and no hour more than 30.5 shares, which keeps
 * the 30,000 an hour too (docs/reference/events-api.md, "Errors and rate limits").
 */
export interface RateShare {
  readonly intervalMs: number
  readonly burstMs: number
}

/** The share of one of a source's APIs: all get the same. */
export function rateShare(apisOfSource: number): RateShare {
  const burst = Math.floor(REQUESTS_PER_MINUTE / apisOfSource / 2)
  const intervalMs = 60_000 / burst
  return { intervalMs, burstMs: intervalMs * (burst - 1) }
}

/** No sequence of requests leads further ahead: what does is of a clock that has jumped back. */
const possible = ({ burstMs, intervalMs }: RateShare, arrivalMs: number, nowMs: number): number =>
  Math.min(arrivalMs, nowMs + burstMs + intervalMs)

/** Milliseconds until one more request may go; `arrivalMs` is what `spent` last answered. */
export const rateWaitMs = (share: RateShare, arrivalMs: number, nowMs: number): number =>
  Math.max(0, possible(share, arrivalMs, nowMs) - share.burstMs - nowMs)

/** The theoretical arrival time after a request at `nowMs`: keep it for the next one. */
export const spent = (share: RateShare, arrivalMs: number, nowMs: number): number =>
  Math.ceil(Math.max(possible(share, arrivalMs, nowMs), nowMs) + share.intervalMs)
