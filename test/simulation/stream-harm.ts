import type { PageRecord } from '../../shared/domain/stream/page-record.ts'

/** What somebody has done to the objects of one stream, and what the product cannot know because of it. */
export interface StreamHarm {
  onObject(key: string, record: PageRecord, uuids: readonly string[]): void
  /** Notes that an object was deleted. Returns the uuids of its events. */
  onDeleted(key: string): readonly string[]
  onOutOfReach(key: string): void
  /** Returns the record of an object, also of a deleted one. */
  recordOf(key: string): PageRecord | undefined
  /** An object with this key was deleted after others had followed it. A late put has brought it back. */
  isReturning(key: string): boolean
  /** The object was deleted before the chain went on. It may have been committed all the same. */
  isLostTip(key: string | undefined): boolean
  /**
   * The object that follows this one was deleted, or nobody could read it for a time: a run that stands there, because its table was
   * restored or the commit is missing, cannot find what comes behind.
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
   * Between the last object with this event and the end of the chain one is gone or out of reach: a walk along the
   * ledger cannot know the event (docs/guarantees.md, "Limits").
   */
  mayDouble(uuid: string): boolean
}

interface Written {
  readonly record: PageRecord
  readonly uuids: readonly string[]
  readonly number: number
}

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

  return {
    onObject(key, record, uuids) {
      const number = written.get(key)?.number ?? written.size
      written.set(key, { record, uuids, number })
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
    isReturning: key => deletedKeys.has(key) && key !== lostTip,
    isLostTip: key => key !== undefined && key === lostTip,
    isCutOff: key =>
      isForked || [...written].some(([next, { record }]) => record.previousKey === key && harmed.has(next)),
    onFork() {
      isForked = true
    },
    isDeleted: uuid => deletedUuids.has(uuid),
    mayDouble: uuid => isForked || (numberOf.get(uuid) ?? 0) <= lastHarmed,
  }
}
