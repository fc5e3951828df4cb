import { addCounts, type RuleCounts } from '../../shared/domain/rule/rule-counts.ts'
import type { PageRecord } from '../../shared/domain/stream/page-record.ts'
import { timestampRange } from '../../shared/domain/stream/timestamp.ts'

/** What a run has committed. */
export interface Tally {
  readonly pages: number
  readonly events: number
  /** Of the events, those older than the newest one delivered before their page. */
  readonly lateEvents: number
  /** Items that could not be read. Absent if there were none. */
  readonly unreadable?: number
  /** What processing rules have dropped and changed. Absent if nothing. */
  readonly filtered?: RuleCounts
  /** The smallest and the largest timestamp, as received. */
  readonly firstTimestamp?: string
  readonly lastTimestamp?: string
}

export const NOTHING_COMMITTED: Tally = { pages: 0, events: 0, lateEvents: 0 }

/** Adds a committed page. A page without items has no record, but rules may have dropped its items. */
export function addPage(tally: Tally, record: PageRecord | undefined, dropped?: RuleCounts): Tally {
  const { pages, events, lateEvents, unreadable = 0, firstTimestamp, lastTimestamp } = tally
  const counts = record?.filtered ?? dropped
  const filtered = counts ? addCounts(tally.filtered, counts) : tally.filtered
  if (!record) return { ...tally, pages: pages + 1, ...(filtered && { filtered }) }
  const { first, last } = timestampRange([
    firstTimestamp,
    lastTimestamp,
    record.firstTimestamp,
    record.lastTimestamp,
  ])
  const bad = unreadable + (record.unreadableCount ?? 0)
  return {
    pages: pages + 1,
    ...(bad > 0 && { unreadable: bad }),
    ...(filtered && { filtered }),
    events: events + record.count,
    lateEvents: lateEvents + record.lateCount,
    ...(first !== undefined && { firstTimestamp: first }),
    ...(last !== undefined && { lastTimestamp: last }),
  }
}

/** Whether the run has delivered events, or rules have dropped some: the next run may go on at once. */
export const hasAdvanced = ({ events, filtered }: Tally): boolean => events > 0 || filtered !== undefined
