import type { Collection } from './collected.ts'

const HOUR_MS = 3_600_000

/** A collection that was just read may be as old as the pause between two refreshes. */
const TOLERANCE_MS = 120_000

const latestKnown = ({ collectors }: Collection): number =>
  Math.max(
    ...collectors
      .flatMap(({ sources }) => sources.flatMap(({ apis }) => apis))
      .flatMap(({ since, lastSuccess, lease }) => [since, lastSuccess, lease?.since])
      .map(time => Date.parse(time ?? ''))
      .filter(ms => !Number.isNaN(ms)),
    -Infinity,
  )

/**
 * How far the server's clock is ahead of the browser's, in milliseconds; 0 if they may be equal. The local stage has a
 * faster clock with `--speed`, and a browser's may be wrong. The collection says in which hour it was made.
 */
export function clockOffsetMs(collection: Collection, browserMs: number): number {
  const hourMs = Date.parse(collection.hoursSince) + 23 * HOUR_MS
  if (Number.isNaN(hourMs)) return 0
  const isSameHour = browserMs >= hourMs - TOLERANCE_MS && browserMs < hourMs + HOUR_MS + TOLERANCE_MS
  return isSameHour ? 0 : Math.max(hourMs, latestKnown(collection)) - browserMs
}
