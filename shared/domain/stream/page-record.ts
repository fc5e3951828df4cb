import type { Task } from '../task/task.ts'

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
  /** How many items of the page could not be read. They lie below `unreadable/`, under the name of this object. */
  readonly unreadableCount?: number
  /** Smallest and largest timestamp of the items, as received. */
  readonly firstTimestamp?: string
  readonly lastTimestamp?: string
  /** Largest timestamp of this and all earlier objects. Along the ledger it never becomes smaller. */
  readonly newest?: string
}

/**
 * Whether an object belongs at the end of a task's ledger. If not, it was committed long ago, and 1Password has led back
 * to a place that it had led to before.
 */
export const isNext = ({ lastObjectKey }: Pick<Task, 'lastObjectKey'>, record: PageRecord): boolean =>
  record.previousKey === lastObjectKey
