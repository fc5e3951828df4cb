/**
 * A point in time as text, in UTC and with nanoseconds: `2025-11-03T08:15:00.123456789`. The order of the texts is the order
 * in time. Events carry 0 to 9 decimals (docs/reference/events-api.md, "Event types"), more than a Date can hold.
 */
export type Instant = string

const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/

const MINUTE_MS = 60_000

/** Parses an RFC 3339 time. Returns undefined if the text is none. Decimals after the ninth are cut off. */
export function parseInstant(text: string): Instant | undefined {
  const match = RFC3339.exec(text)
  if (!match) return undefined
  const [, wall = '', decimals = '', sign, hours = '0', minutes = '0'] = match
  const wallMs = Date.parse(`${wall}Z`)
  if (Number.isNaN(wallMs) || Number(hours) > 23 || Number(minutes) > 59) return undefined
  // Date.parse reads 30 February as 2 March.
  if (new Date(wallMs).toISOString().slice(0, 19) !== wall) return undefined
  const offset = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS * (sign === '-' ? -1 : 1)
  const utc = new Date(wallMs - offset).toISOString()
  return utc.length === 24 ? `${utc.slice(0, 19)}.${decimals.slice(0, 9).padEnd(9, '0')}` : undefined
}

/** Returns the instant of epoch milliseconds. */
export const instantAt = (ms: number): Instant => `${new Date(ms).toISOString().slice(0, 23)}000000`

/** Returns epoch milliseconds. Finer digits are cut off. */
export const epochMs = (instant: Instant): number => Date.parse(`${instant.slice(0, 23)}Z`)

/** Moves an instant by whole milliseconds. It keeps its finer digits. */
export const shiftInstant = (instant: Instant, ms: number): Instant =>
  instantAt(epochMs(instant) + ms).slice(0, 23) + instant.slice(23, 29)
