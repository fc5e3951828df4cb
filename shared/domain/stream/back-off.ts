/** How long a run waits before it sends one request again. */

export const MAX_ATTEMPTS = 3
const BASE_MS = 1_000
const CAP_MS = 20_000

/**
 * Returns the milliseconds that a Retry-After header asks for (seconds or an HTTP date, RFC 9110, section 10.2.3).
 * Returns 0 if there is no header or if it cannot be read.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number {
  if (header === undefined) return 0
  const text = header.trim()
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? 0 : Math.max(0, date - nowMs)
}

/**
 * Returns a wait in milliseconds with full jitter: anything between 0 and a limit that doubles with each attempt.
 * `attempt` counts from 1, `fraction` is in [0, 1).
 */
export const jitteredMs = (attempt: number, fraction: number): number =>
  Math.floor(fraction * Math.min(CAP_MS, BASE_MS * 2 ** attempt))
