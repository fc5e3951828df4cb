import { encodeCursor, type Place } from './cursor.ts'
import type { EventStream, StoredEvent } from './event-stream.ts'
import { instantOf } from './instant.ts'
import type { PageQuery } from './page-request.ts'

export interface Page {
  readonly cursor: string
  readonly hasMore: boolean
  readonly events: readonly StoredEvent[]
}

const within = ({ start, end }: Place, { instant }: StoredEvent): boolean =>
  instant >= start && (end === undefined || instant < end)

/** The page at the query's place, oldest first: from the start on, up to but not including the end, nothing from the future. */
export function readPage(
  stream: EventStream,
  { place, cursor }: PageQuery,
  nowMs: number,
  issue: number,
): Page {
  const { after, end } = place
  const events: StoredEvent[] = []
  let last = after
  let hasMore = false
  for (const { key, event } of stream.read({ after, now: instantOf(nowMs), ...(end ? { end } : {}) })) {
    if (!within(place, event)) continue
    hasMore = events.length === place.limit
    if (hasMore) break
    events.push(event)
    last = key
  }
  const unchanged = events.length === 0 && cursor !== undefined
  return { hasMore, events, cursor: unchanged ? cursor : encodeCursor({ ...place, after: last, issue }) }
}
