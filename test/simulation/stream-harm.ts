import { MAX_WALKED_OBJECTS } from '../../shared/contract/limits.ts'
import type { PageRecord } from '../../shared/domain/stream/page-record.ts'

/** What somebody has done to the objects of one stream, and what the product cannot know because of it. */
export interface StreamHarm {
  onObject(key: string, record: PageRecord, uuids: readonly string[]): void
  /** Notes that an object was deleted. Returns the uuids of its events. */
  onDeleted(key: string): readonly string[]
  onOutOfReach(key: string): void
  /** Returns the record of an object, also of a deleted one. */
  recordOf(key: string): PageRecord | undefined
  /**
   * Returns all records that an object has had. It has another one if it was deleted and a restored table has delivered it again.
   * A backup from before that knows only the first one, and where that led.
   */
  recordsOf(key: string): readonly PageRecord[]
  /** An object with this key was deleted after others had followed it. A late put has brought it back. */
  isReturning(key: string): boolean
  /** The object was deleted before the chain went on. It may have been committed all the same. */
  isLostTip(key: string | undefined): boolean
  /**
   * The object that follows this one was deleted, or nobody could read it for a time: a run that stands there, because its table was
   * restored or the commit is missing, cannot find what comes behind. Nor can it if this one was deleted, and now leads elsewhere.
   */
  isCutOff(key: string | undefined): boolean
  /**
   * The chain goes on from an earlier object, and backups of the table may lead back to either branch. From then on only
   * losses count.
   */
  onFork(): void
  /** The event was delivered, and its object was deleted. */
  isDeleted(uuid: string): boolean
  /**
   * Between the last object with this event and the end of the chain one is gone or out of reach, or there are too many: a walk
   * along the ledger cannot know the event (docs/guarantees.md, "Limits").
   */
  mayDouble(uuid: string): boolean
}

interface Written {
  readonly record: PageRecord
  /** The records that it had before it was deleted. */
  readonly earlier: readonly PageRecord[]
  readonly uuids: readonly string[]
  readonly number: number
}

const listRecords = (object: Written | undefined): readonly PageRecord[] =>
  object ? [...object.earlier, object.record] : []

export function createStreamHarm(): StreamHarm {
  const written = new Map<string, Written>()
  const deletedKeys = new Set<string>()
  /** Keys of objects that were deleted or out of reach at any time. */
  const harmed = new Set<string>()
  const deletedUuids = new Set<string>()
  const numberOf = new Map<string, number>()
  let lastHarmed = -1
  let isForked = false
  let lostTip: string | undefined

  const harm = (key: string): void => {
    harmed.add(key)
    lastHarmed = Math.max(lastHarmed, written.get(key)?.number ?? -1)
  }
  const hasFollower = (key: string): boolean =>
    [...written.values()].some(({ record }) => record.previousKey === key)
  const leadsElsewhere = (key: string): boolean =>
    new Set(listRecords(written.get(key)).map(({ chain, nextCursor }) => `${chain} ${nextCursor}`)).size > 1

  return {
    onObject(key, record, uuids) {
      const before = written.get(key)
      const number = before?.number ?? written.size
      written.set(key, { record, earlier: listRecords(before), uuids, number })
      deletedKeys.delete(key)
      for (const uuid of uuids) {
        numberOf.set(uuid, number)
        deletedUuids.delete(uuid)
      }
    },
    onDeleted(key) {
      const { uuids = [] } = written.get(key) ?? {}
      harm(key)
      deletedKeys.add(key)
      for (const uuid of uuids) deletedUuids.add(uuid)
      if (!hasFollower(key)) lostTip = key
      return uuids
    },
    onOutOfReach: harm,
    recordOf: key => written.get(key)?.record,
    recordsOf: key => listRecords(written.get(key)),
    isReturning: key => deletedKeys.has(key) && key !== lostTip,
    isLostTip: key => key !== undefined && key === lostTip,
    isCutOff: key =>
      isForked ||
      (key !== undefined && leadsElsewhere(key)) ||
      [...written].some(([next, { record }]) => record.previousKey === key && harmed.has(next)),
    onFork() {
      isForked = true
    },
    isDeleted: uuid => deletedUuids.has(uuid),
    mayDouble(uuid) {
      const number = numberOf.get(uuid) ?? 0
      return isForked || number <= lastHarmed || written.size - number > MAX_WALKED_OBJECTS
    },
  }
}
