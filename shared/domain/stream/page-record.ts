import type { RuleCounts } from '../rule/rule-counts.ts'
import type { Task } from '../task/task.ts'
import { compareTimestamps } from './timestamp.ts'

/**
 * The metadata of an object in the lake. It is the entry of the write-ahead log, and links the objects of the ledger.
 */
export interface PageRecord {
  readonly chain: number
  /** Digest of the request: chain, and cursor or start time (`placeDigest`). */
  readonly asked: string
  /**
   * Digest of the request that followed from the previous object: the name of the object. It differs from `asked` if
   * empty pages moved the cursor.
   */
  readonly link: string
  readonly previousKey?: string
  /** NO_CURSOR if it was too long for the metadata, and the object with it is gone or cannot be read. */
  readonly nextCursor: string
  readonly count: number
  /** How many of these events are older than the newest event of all earlier objects. */
  readonly lateCount: number
  /** How many items of the page could not be read. They lie below `unreadable/`, in a folder with the name of this object. */
  readonly unreadableCount?: number
  /** What processing rules have dropped and changed of the page. Absent if nothing. */
  readonly filtered?: RuleCounts
  /** Smallest and largest timestamp of the items, as received. */
  readonly firstTimestamp?: string
  readonly lastTimestamp?: string
  /** Largest timestamp that was not in the future when the object was written. Absent if there is none, or not yet. */
  readonly pastTimestamp?: string
  /** A time that half of the events have reached. Only if there are enough of them to agree. */
  readonly middleTimestamp?: string
  /**
   * Largest timestamp of this and all earlier objects, without those that were far ahead. An event without a usable time
   * counts with the time of its delivery. Along the ledger it never becomes smaller.
   */
  readonly newest?: string
  /** The last earlier object that holds an event dated far ahead. */
  readonly aheadKey?: string
  /** What was stepped over between the object before and this one: from when to when, by whom and when. */
  readonly steppedOver?: string
}

/** What a walk back along the ledger does at an object. */
export interface LedgerStep {
  /** Some of its events may have this time or a later one. */
  readonly mayOverlap: boolean
  /** The next object to read. Undefined at the end of the walk. */
  readonly nextKey?: string | undefined
}

/**
 * Returns how to go on at an object, on the way back to all events of a time or later. Behind the last of them, only the
 * objects that hold events dated far ahead are left.
 */
export function findLedgerStep(record: PageRecord, from: string): LedgerStep {
  const { newest, lastTimestamp, previousKey, aheadKey } = record
  const isOlder = newest !== undefined && compareTimestamps(newest, from) < 0
  if (!isOlder) return { mayOverlap: true, nextKey: previousKey }
  const isAhead = lastTimestamp !== undefined && compareTimestamps(lastTimestamp, from) >= 0
  return { mayOverlap: isAhead, nextKey: aheadKey }
}

/**
 * Whether an object belongs at the end of a task's ledger. If not, it was committed long ago, and 1Password has led back
 * to a place that it had led to before.
 */
export const isNext = ({ lastObjectKey }: Pick<Task, 'lastObjectKey'>, record: PageRecord): boolean =>
  record.previousKey === lastObjectKey
