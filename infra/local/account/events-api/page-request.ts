import type { Feature } from '../../../../shared/contract/apis.ts'
import { decodeCursor, type Place } from './cursor.ts'
import { type Instant, instantOf, parseInstant, shifted } from './instant.ts'

/** What a request asks for. */
export interface PageQuery {
  readonly place: Place
  /** The cursor that was sent, for a continuing request. */
  readonly cursor?: string
}

const MAX_LIMIT = 1000
const DEFAULT_LIMIT = 100
const HOUR_MS = 3_600_000

type Members = Readonly<Record<string, unknown>>

function members(body: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function limitOf(value: unknown): number | undefined {
  if (value === undefined) return DEFAULT_LIMIT
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_LIMIT
    ? value
    : undefined
}

const isTime = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && parseInstant(value) !== undefined)

const timeOf = (value: unknown): Instant | undefined =>
  typeof value === 'string' ? parseInstant(value) : undefined

function continuing(body: Members, feature: Feature): PageQuery | undefined {
  if ('limit' in body || 'start_time' in body || 'end_time' in body) return undefined
  const { cursor } = body
  const place = typeof cursor === 'string' ? decodeCursor(cursor, feature) : undefined
  return place && typeof cursor === 'string' ? { place, cursor } : undefined
}

export interface QueryContext {
  readonly feature: Feature
  readonly nowMs: number
  readonly issue: number
  startFor(start: Instant, now: Instant): Instant | ''
}

function reset(body: Members, context: QueryContext): PageQuery | undefined {
  const limit = limitOf(body['limit'])
  if (limit === undefined || !isTime(body['start_time']) || !isTime(body['end_time'])) return undefined
  const now = instantOf(context.nowMs)
  const end = timeOf(body['end_time'])
  const asked = timeOf(body['start_time']) ?? shifted(end ?? now, -HOUR_MS)
  if (end !== undefined && end < asked) return undefined
  const start = context.startFor(asked, now)
  const { feature, issue } = context
  return { place: { feature, limit, start, after: start, issue, ...(end === undefined ? {} : { end }) } }
}

/** The request in a body (reference §4); undefined means 400: no object, both kinds, a wrong type or value. */
export function pageQuery(body: string, context: QueryContext): PageQuery | undefined {
  const object = members(body)
  if (!object) return undefined
  return 'cursor' in object ? continuing(object, context.feature) : reset(object, context)
}
