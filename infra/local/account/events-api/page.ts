import { type CursorContent, encodeCursor } from './cursor.ts'
import { type EventStream, jsonText, type StoredEvent, type Version } from './event-stream.ts'
import type { PageRequest } from './page-request.ts'

export interface Page {
  readonly cursor: string
  readonly hasMore: boolean
  /** JSON texts of the events. */
  readonly items: readonly string[]
}

export interface PageReading {
  readonly stream: EventStream
  readonly request: PageRequest
  readonly version: Version
  readonly limit: number
  readonly nowMs: number
  /** Generation of the cursor to the next page. */
  readonly generation: number
}

/** The start is included, the end is not. A late event is met in its window only. */
const isInWindow = ({ start, end }: CursorContent, { instant }: StoredEvent): boolean =>
  instant >= start && (end === undefined || instant < end)

/**
 * Reads the page that a request asks for. A page without events has the cursor that was sent
 * (docs/reference/events-api.md, "Page and cursor").
 */
export function readPage({ stream, request, version, limit, nowMs, generation }: PageReading): Page {
  const { content, cursor } = request
  const { end } = content
  const items: string[] = []
  let { after } = content
  let hasMore = false
  for (const { position, event } of stream.read({ after, nowMs, ...(end ? { end } : {}) })) {
    if (!isInWindow(content, event)) continue
    hasMore = items.length === limit
    if (hasMore) break
    items.push(jsonText(event, version))
    after = position
  }
  const isUnchanged = items.length === 0 && cursor !== undefined
  return { hasMore, items, cursor: isUnchanged ? cursor : encodeCursor({ ...content, after, generation }) }
}

/** Writes a page as the API does. */
export const pageText = ({ cursor, hasMore, items }: Page): string =>
  `{"cursor":${JSON.stringify(cursor)},"has_more":${hasMore},"items":[${items.join(',')}]}`

/** Writes a page without the members that say nothing. */
export const sparsePageText = ({ cursor, hasMore, items }: Page): string => {
  const more = hasMore ? ',"has_more":true' : ''
  const list = items.length > 0 ? `,"items":[${items.join(',')}]` : ''
  return `{"cursor":${JSON.stringify(cursor)}${more}${list}}`
}
