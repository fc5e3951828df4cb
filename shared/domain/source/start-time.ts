import { DEFAULT_WINDOW_HOURS, RETENTION_DAYS } from '../../contract/limits.ts'
import { epochMsOf, wholeSeconds } from '../stream/timestamp.ts'
import { memberOf, type RequestSection, refuse } from './request-section.ts'

const HOUR_MS = 60 * 60_000
const RETENTION_MS = RETENTION_DAYS * 24 * HOUR_MS

/** A client that reckons "120 days ago" and then sends it is not to be refused for the time that took. */
const ON_ITS_WAY_MS = 60_000

const EXAMPLE = 'an RFC 3339 time such as 2026-01-31T00:00:00Z'

/** Start of the first window of a source that names none. */
const defaultStartTime = (nowMs: number): string => wholeSeconds(nowMs - DEFAULT_WINDOW_HOURS * HOUR_MS)

/** Date.parse takes 30 February for 2 March. */
function dateExists(text: string): boolean {
  const date = text.slice(0, 10)
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date)
}

/**
 * UTC, whole seconds, Z: the one form that the Events API takes everywhere. A source keeps the one it has if none is
 * given, and may always be given it again, however long ago it is by now.
 */
export function checkStartTime(section: RequestSection, nowMs: number, current?: string): string | undefined {
  const text = memberOf(section, 'start_time')
  if (text === undefined) return current ?? defaultStartTime(nowMs)
  const startMs = typeof text === 'string' ? epochMsOf(text) : Number.NaN
  if (typeof text !== 'string' || Number.isNaN(startMs) || !dateExists(text)) {
    return refuse(section, 'start_time', `must be ${EXAMPLE}`)
  }
  if (current !== undefined && startMs === epochMsOf(current)) return current
  if (startMs > nowMs) {
    return refuse(section, 'start_time', `must not be in the future (it is ${wholeSeconds(nowMs)})`)
  }
  const earliestMs = nowMs - RETENTION_MS
  if (startMs < earliestMs - ON_ITS_WAY_MS) {
    const earliest = wholeSeconds(earliestMs)
    return refuse(
      section,
      'start_time',
      `must be at most ${RETENTION_DAYS} days back, so not before ${earliest}`,
    )
  }
  return wholeSeconds(startMs)
}
