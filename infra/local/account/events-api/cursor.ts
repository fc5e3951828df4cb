import type { Feature } from '../../../../shared/contract/apis.ts'
import type { Instant } from './instant.ts'

/** What a cursor holds: limit and window of the reset cursor that began the chain, and the position in it (reference §5). */
export interface Place {
  readonly feature: Feature
  readonly limit: number
  readonly start: Instant | ''
  readonly end?: Instant
  /** Key of the last event returned, or the start. */
  readonly after: string
  /** When cursors were last refused as of before; 0 if never. */
  readonly issue: number
}

/** Of a real cursor, before base64url makes 208 characters of it (reference §5): what keeps cursors meets honest sizes. */
const CURSOR_BYTES = 156

export const encodeCursor = ({ feature, limit, start, end, after, issue }: Place): string =>
  Buffer.from(
    JSON.stringify([feature, limit, start, end ?? null, after, issue]).padEnd(CURSOR_BYTES),
  ).toString('base64url')

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}$/

const isStart = (value: unknown): value is string =>
  typeof value === 'string' && (value === '' || INSTANT.test(value))

const isPosition = (value: unknown): value is string =>
  typeof value === 'string' && isStart(value.split(' ', 1)[0])

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** The place that a cursor names; undefined if this account never issued it for this feature. */
export function decodeCursor(cursor: string, feature: Feature): Place | undefined {
  const value = parsed(cursor)
  if (!Array.isArray(value)) return undefined
  const [of, limit, start, end, after, issue]: unknown[] = value
  if (of !== feature || typeof limit !== 'number' || typeof issue !== 'number') return undefined
  if (!isStart(start) || !isPosition(after) || !(end === null || isStart(end))) return undefined
  const place = { feature, limit, start, after, issue, ...(end === null ? {} : { end }) }
  return encodeCursor(place) === cursor ? place : undefined
}
