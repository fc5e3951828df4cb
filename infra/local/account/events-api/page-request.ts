import type { Feature } from '../../../../shared/contract/apis.ts'
import { type CursorContent, decodeCursor } from './cursor.ts'
import type { EventStream } from './event-stream.ts'
import { type Instant, instantAt, parseInstant, shiftInstant } from './instant.ts'

/** What a request for a page asks for. */
export interface PageRequest {
  readonly content: CursorContent
  /** The cursor as it was sent. A reset cursor has none. */
  readonly cursor?: string
}

export interface PageRequestContext {
  readonly feature: Feature
  readonly stream: EventStream
  readonly nowMs: number
  /** Generation of the cursors that the account issues now. */
  readonly generation: number
}

const MAX_LIMIT = 1000
const DEFAULT_LIMIT = 100
const HOUR_MS = 3_600_000

type Members = Readonly<Record<string, unknown>>

function parseObject(body: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

const isLimit = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_LIMIT

function readTime(value: unknown): Instant | 'invalid' | undefined {
  if (value === undefined) return undefined
  return (typeof value === 'string' ? parseInstant(value) : undefined) ?? 'invalid'
}

function readContinuingCursor(
  body: Members,
  { feature, stream }: PageRequestContext,
): PageRequest | undefined {
  if ('limit' in body || 'start_time' in body || 'end_time' in body) return undefined
  const { cursor } = body
  if (typeof cursor !== 'string') return undefined
  const content = decodeCursor(cursor, feature)
  return content && stream.isPosition(content.after) ? { content, cursor } : undefined
}

function readResetCursor(body: Members, context: PageRequestContext): PageRequest | undefined {
  const { feature, stream, nowMs, generation } = context
  const { limit = DEFAULT_LIMIT } = body
  const [askedStart, end] = [readTime(body['start_time']), readTime(body['end_time'])]
  if (!isLimit(limit) || askedStart === 'invalid' || end === 'invalid') return undefined
  const start = askedStart ?? shiftInstant(end ?? instantAt(nowMs), -HOUR_MS)
  if (end !== undefined && end < start) return undefined
  const window = end === undefined ? {} : { end }
  return { content: { feature, limit, generation, ...window, ...stream.begin(start, nowMs) } }
}

/**
 * Reads the body of a request for a page (docs/reference/events-api.md, "Page request"). Returns undefined where the API
 * answers 400: the body is no object, has both kinds of members, or has a wrong type or value.
 */
export function readPageRequest(body: string, context: PageRequestContext): PageRequest | undefined {
  const members = parseObject(body)
  if (!members) return undefined
  return 'cursor' in members ? readContinuingCursor(members, context) : readResetCursor(members, context)
}
