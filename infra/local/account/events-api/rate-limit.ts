export interface RateLimits {
  readonly perMinute: number
  readonly perHour: number
}

/** Of all streams together (reference §7). */
export const RATE_LIMITS: RateLimits = { perMinute: 600, perHour: 30_000 }

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

function slidingWindow(widthMs: number, most: number) {
  let times: number[] = []
  let first = 0
  return {
    full(now: number): boolean {
      while (first < times.length && (times[first] ?? 0) <= now - widthMs) first += 1
      if (first > 10_000) {
        times = times.slice(first)
        first = 0
      }
      return times.length - first >= most
    },
    count: (now: number) => times.push(now),
  }
}

/** Counts a request; false if it is one too many in a minute or an hour, which is then not counted. */
export function startRateLimit(clock: { now(): number }, limits: RateLimits): () => boolean {
  const windows = [slidingWindow(MINUTE_MS, limits.perMinute), slidingWindow(HOUR_MS, limits.perHour)]
  return () => {
    const now = clock.now()
    if (windows.some(window => window.full(now))) return false
    for (const window of windows) window.count(now)
    return true
  }
}
