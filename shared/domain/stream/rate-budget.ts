import { REQUESTS_PER_MINUTE } from '../../contract/limits.ts'

/**
 * The generic cell rate algorithm. An API may use half of its share of a minute in one burst. The other half comes back
 * evenly over the minute. So no 60 seconds hold more than the share. And no hour holds more than 30.5 shares, which is
 * within the limit of 30,000 requests in an hour (docs/reference/events-api.md, "Errors and rate limits").
 */
export interface RateShare {
  readonly intervalMs: number
  readonly burstMs: number
}

/** Returns the share of one API. All APIs of a source get the same. */
export function rateShare(apisOfSource: number): RateShare {
  const burst = Math.floor(REQUESTS_PER_MINUTE / apisOfSource / 2)
  const intervalMs = 60_000 / burst
  return { intervalMs, burstMs: intervalMs * (burst - 1) }
}

/** What part of one burst a run may spend without getting an event. */
const SHARE_WITHOUT_EVENT = 1 / 4

/** Returns how many requests a run may make in a row, if none of them brings an event. */
export const mostRequestsWithoutEvent = ({ burstMs, intervalMs }: RateShare): number =>
  Math.max(1, Math.floor((burstMs / intervalMs + 1) * SHARE_WITHOUT_EVENT))

/** Limits an arrival time to what requests can lead to. It can be later only if the clock has jumped back. */
const limitArrival = ({ burstMs, intervalMs }: RateShare, arrivalMs: number, nowMs: number): number =>
  Math.min(arrivalMs, nowMs + burstMs + intervalMs)

/** Returns the milliseconds until the next request may be sent. `arrivalMs` is what `spent` returned last. */
export const rateWaitMs = (share: RateShare, arrivalMs: number, nowMs: number): number =>
  Math.max(0, limitArrival(share, arrivalMs, nowMs) - share.burstMs - nowMs)

/** Returns the theoretical arrival time after a request at `nowMs`. Keep it for the next request. */
export const arrivalAfterRequest = (share: RateShare, arrivalMs: number, nowMs: number): number =>
  Math.ceil(Math.max(limitArrival(share, arrivalMs, nowMs), nowMs) + share.intervalMs)

/** How many requests one loan is for, and how long they may take. After that time the rest of a loan is void. */
export const LOAN = { requests: 10, timeMs: 4_000 } as const

/** Returns the milliseconds until an API can lend a part of its share. */
export const loanWaitMs = (share: RateShare, arrivalMs: number, nowMs: number): number => {
  const lastMs = limitArrival(share, arrivalMs, nowMs) + (LOAN.requests - 1) * share.intervalMs
  return Math.max(0, Math.ceil(lastMs - share.burstMs - nowMs))
}

/**
 * Returns the theoretical arrival time of an API that lends at `nowMs`. The loan counts as if all of its requests went at the
 * end of its time. So the arrival time is never earlier than it would be if the API
 * itself made the requests at any time of the loan, and no window holds more than the share.
 */
export const arrivalAfterLoan = (share: RateShare, arrivalMs: number, nowMs: number): number =>
  Math.ceil(
    Math.max(limitArrival(share, arrivalMs, nowMs), nowMs + LOAN.timeMs) + LOAN.requests * share.intervalMs,
  )
