import type { Feature } from '../../../../shared/contract/apis.ts'
import type { Instant } from './instant.ts'

/**
 * What a cursor holds: limit and window of the reset cursor that began the chain, and the position in it
 * (docs/reference/events-api.md, "Page and cursor").
 */
export interface CursorContent {
  readonly feature: Feature
  readonly limit: number
  readonly start: Instant | ''
  readonly end?: Instant
  /** Position in the stream. */
  readonly after: string
  /** Cursors of an earlier generation can be refused. */
  readonly generation: number
  /** How many empty pages had a new cursor all the same. @default 0 */
  readonly emptyPages?: number
}

/**
 * A real cursor has so many bytes, and 208 characters in base64url (docs/reference/events-api.md, "Page and cursor").
 * Simulated ones are as long, so that the system is tested with cursors of a real size.
 */
const CURSOR_BYTES = 156

export function encodeCursor(content: CursorContent): string {
  const { feature, limit, start, end, after, generation, emptyPages = 0 } = content
  const parts = [feature, limit, start, end ?? null, after, generation, ...(emptyPages ? [emptyPages] : [])]
  return Buffer.from(JSON.stringify(parts).padEnd(CURSOR_BYTES)).toString('base64url')
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}$/

const isStart = (value: unknown): value is string =>
  typeof value === 'string' && (value === '' || INSTANT.test(value))

function parseJson(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** Reads a cursor. Returns undefined if this account cannot have issued it for this feature. */
export function decodeCursor(cursor: string, feature: Feature): CursorContent | undefined {
  const value = parseJson(cursor)
  if (!Array.isArray(value)) return undefined
  const [of, limit, start, end, after, generation, emptyPages = 0]: unknown[] = value
  if (of !== feature || typeof limit !== 'number' || typeof generation !== 'number') return undefined
  if (!isStart(start) || typeof after !== 'string' || !(end === null || isStart(end))) return undefined
  if (typeof emptyPages !== 'number') return undefined
  const window = end === null ? { start } : { start, end }
  const content = { feature, limit, ...window, after, generation, emptyPages }
  return encodeCursor(content) === cursor ? content : undefined
}
