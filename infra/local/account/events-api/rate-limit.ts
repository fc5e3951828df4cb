export interface RateLimits {
  readonly perMinute: number
  readonly perHour: number
}

/**
 * The limits of the service. They count the requests of all streams together (docs/reference/events-api.md, "Errors
 * and rate limits").
 */
export const RATE_LIMITS: RateLimits = { perMinute: 600, perHour: 30_000 }

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** Times of the requests of the last `widthMs` milliseconds. */
function slidingWindow(widthMs: number, most: number) {
  let times: number[] = []
  let first = 0
  return {
    isFull(nowMs: number): boolean {
      while (first < times.length && (times[first] ?? 0) <= nowMs - widthMs) first += 1
      // Now and then, times before the window are thrown away.
      if (first > 10_000) {
        times = times.slice(first)
        first = 0
      }
      return times.length - first >= most
    },
    add: (nowMs: number) => times.push(nowMs),
  }
}

/** Returns a function that counts a request. It returns false, and counts nothing, if a limit is reached. */
export function createRateLimit({ perMinute, perHour }: RateLimits): (nowMs: number) => boolean {
  const windows = [slidingWindow(MINUTE_MS, perMinute), slidingWindow(HOUR_MS, perHour)]
  return nowMs => {
    if (windows.some(window => window.isFull(nowMs))) return false
    for (const window of windows) window.add(nowMs)
    return true
  }
}
