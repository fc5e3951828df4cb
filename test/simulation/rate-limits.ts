import { createRateLimit, RATE_LIMITS } from '../../infra/local/account/events-api/rate-limit.ts'
import type { OutageOptions } from './aws-outages.ts'
import { randomTimes } from './fault-plan.ts'

/** Another client that asks the same account. Epoch milliseconds. */
interface OtherClient {
  readonly fromMs: number
  readonly toMs: number
  readonly perMinute: number
}

const MINUTE_MS = 60_000
const LONGEST_MS = 20 * MINUTE_MS
const PER_DAY = 6
const RATES = [100, 400, 900] as const

function planOthers({ plan, fromMs, quietMs }: OutageOptions): readonly OtherClient[] {
  const random = plan.random('api-rate-limit')
  return randomTimes(random, fromMs, quietMs, PER_DAY).map(ms => ({
    fromMs: ms,
    toMs: Math.min(ms + random.fraction() * LONGEST_MS, quietMs),
    perMinute: random.pick(RATES),
  }))
}

/** Returns how many requests a client has sent between two times. */
function countRequests({ fromMs, toMs, perMinute }: OtherClient, sinceMs: number, nowMs: number): number {
  const sent = (ms: number): number =>
    Math.floor(((Math.min(Math.max(ms, fromMs), toMs) - fromMs) / MINUTE_MS) * perMinute)
  return sent(nowMs) - sent(sinceMs)
}

/** Creates the limits of one account. It counts a request, ours and those of other clients, and says if it is within. */
export function createAccountLimit(options: OutageOptions): (nowMs: number) => boolean {
  const others = planOthers(options)
  const isWithin = createRateLimit(RATE_LIMITS)
  let lastMs = options.fromMs
  return nowMs => {
    const count = others.reduce((sum, other) => sum + countRequests(other, lastMs, nowMs), 0)
    lastMs = nowMs
    // More of them change nothing: what is over the limit is refused and not counted.
    for (let i = 0; i < Math.min(count, RATE_LIMITS.perMinute); i++) isWithin(nowMs)
    const isGranted = isWithin(nowMs)
    if (!isGranted) options.plan.count('api-rate-limit')
    return isGranted
  }
}

/** Counts our own requests only. */
export const createOwnLimit = (): ((nowMs: number) => boolean) => createRateLimit(RATE_LIMITS)
