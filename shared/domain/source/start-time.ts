import { DEFAULT_WINDOW_HOURS, RETENTION_DAYS } from '../../contract/limits.ts'
import { toEpochMs, wholeSeconds } from '../stream/timestamp.ts'
import { type RequestSection, readMember, refuse } from './request-section.ts'
import type { Member } from './shape.ts'

const HOUR_MS = 60 * 60_000
const RETENTION_MS = RETENTION_DAYS * 24 * HOUR_MS

/** A client computes "120 days ago" and then sends it. The time that this takes must not make it wrong. */
const TRANSIT_MS = 60_000

const EXAMPLE = 'an RFC 3339 time such as 2026-01-31T00:00:00Z'

const defaultStartTime = (nowMs: number): string => wholeSeconds(nowMs - DEFAULT_WINDOW_HOURS * HOUR_MS)

/** Date.parse takes 30 February for 2 March. */
function dateExists(text: string): boolean {
  const date = text.slice(0, 10)
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date)
}

interface Known {
  readonly nowMs: number
  readonly current?: { readonly startTime: string }
}

function checkStartTime(
  section: RequestSection,
  name: string,
  { nowMs, current }: Known,
): string | undefined {
  const text = readMember(section, name)
  if (text === undefined) return current?.startTime ?? defaultStartTime(nowMs)
  return checkTime(section, name, nowMs, current?.startTime)
}

/** Checks a time from which on events are wanted. One time is always allowed: `current`. */
export function checkTime(
  section: RequestSection,
  name: string,
  nowMs: number,
  current?: string,
): string | undefined {
  const text = readMember(section, name)
  const startMs = typeof text === 'string' ? toEpochMs(text) : Number.NaN
  if (typeof text !== 'string' || Number.isNaN(startMs) || !dateExists(text)) {
    return refuse(section, name, `must be ${EXAMPLE}`)
  }
  if (current !== undefined && startMs === toEpochMs(current)) return current
  if (startMs > nowMs) {
    return refuse(section, name, `must not be in the future (it is ${wholeSeconds(nowMs)})`)
  }
  const earliestMs = nowMs - RETENTION_MS
  if (startMs < earliestMs - TRANSIT_MS) {
    const earliest = wholeSeconds(earliestMs)
    return refuse(section, name, `must be at most ${RETENTION_DAYS} days back, so not before ${earliest}`)
  }
  return wholeSeconds(startMs)
}

/**
 * The value is UTC with whole seconds and Z, the one form that the Events API takes everywhere. A source keeps the time
 * that it has if none is given. It may always be given that time again, however long ago it is by now.
 */
export const START_TIME: Member<string, 'default', Known> = {
  absence: 'default',
  schema: {
    type: 'string',
    format: 'date-time',
    description:
      'Our extension: start of the first window, up to 120 days back. Default: a day before the creation. ' +
      'A changed one counts only for APIs that have not begun to collect, and a later one if 1Password refuses to begin.',
  },
  check: checkStartTime,
}
