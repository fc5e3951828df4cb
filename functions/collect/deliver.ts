import { UNREADABLE } from '../../shared/contract/log-messages.ts'
import { createFailure, during, type RunFailure } from '../../shared/domain/failure/failure.ts'
import type { RuleCounts } from '../../shared/domain/rule/rule-counts.ts'
import { eventLines } from '../../shared/domain/stream/event-line.ts'
import type { Item } from '../../shared/domain/stream/item.ts'
import { isPlainKey, objectKey, placeOfSchema2 } from '../../shared/domain/stream/object-key.ts'
import { NO_CURSOR, type Page } from '../../shared/domain/stream/page.ts'
import { isNext, type PageRecord } from '../../shared/domain/stream/page-record.ts'
import type { PageRequest } from '../../shared/domain/stream/page-request.ts'
import { resetChain } from '../../shared/domain/stream/reset.ts'
import { toUtcDate } from '../../shared/domain/stream/timestamp.ts'
import { committed, moved, passedBy, toPageRecord } from '../../shared/domain/task/progress.ts'
import { changed, type TaskChange } from '../../shared/domain/task/task-change.ts'
import { keepEvidence } from './evidence.ts'
import { readRecord } from './object-record.ts'
import { hasLake, type Run } from './run.ts'

/** What is to be done once a page is safe in the lake: its events are handed over, and the change is committed. */
export interface Delivery {
  readonly change: TaskChange
  /** Where the stream goes on. Undefined if it stays where it is: the object is of another chain. */
  readonly nextCursor: string | undefined
  /** The page's object. A page without items has none. */
  readonly key?: string
  readonly record?: PageRecord
  /** Its events. Absent if they must be read from the object: it was found. */
  readonly items?: readonly Item[]
  /** The page is not in the lake. What could not be read of it is kept under its key all the same. */
  readonly isOutside?: true
  /** What processing rules have dropped of a page that has no object. */
  readonly filtered?: RuleCounts
  /**
   * The object is another than the one that this run wanted to write: what was fetched ahead does not follow from it. An
   * earlier run has left it, or it is newer than a table that was restored from a backup.
   */
  readonly adopted?: 'left' | 'restored'
  /** No cursor leads past the page: the next run is given its events again, and must know them. */
  readonly isReadAgain?: true
  /** There may be objects behind this one that a put does not meet: of an earlier deployment, or in another date folder. */
  readonly mayBeFollowed?: true
}

/** Every lease and every commit of an object sets the date folder: a task without one is damaged. */
function computeKey({ lease }: Run): string {
  const { partition } = lease.task
  if (partition === undefined) throw createFailure({ kind: 'damaged', what: 'The task has no date folder.' })
  return objectKey(lease.task, partition)
}

/** Returns a key that is named after the cursor that a page is requested with. What is kept beside the ledger has one. */
export const computeAskedKey = ({ lease: { task }, ports }: Run): string =>
  objectKey({ ...task, place: placeOfSchema2(task) }, task.partition ?? toUtcDate(ports.clock.now()))

/** An object without a next cursor: the chain ends there, and another one begins before the last event. */
function beginBehind({ lease, ports }: Run, change: TaskChange): TaskChange {
  ports.log.warn(
    'there is no cursor behind an object in the lake, beginning anew from before the last event',
    {},
  )
  return { ...change, ...resetChain(changed(lease.task, change), ports.clock.now()) }
}

/** The delivery of a page whose object is in the lake. */
function toDelivery(run: Run, key: string, record: PageRecord): Delivery {
  const { task } = run.lease
  return follow(run, { change: committed(task, key, record, run.ports.clock.now()), key, record })
}

/** Finds out where the stream goes on. */
function follow(run: Run, page: Required<Pick<Delivery, 'change' | 'key' | 'record'>>): Delivery {
  const { change, record } = page
  if (record.chain !== run.lease.task.chain) return { ...page, nextCursor: undefined }
  if (record.nextCursor !== NO_CURSOR) return { ...page, nextCursor: record.nextCursor }
  return { ...page, change: beginBehind(run, change), nextCursor: undefined, isReadAgain: true }
}

/**
 * The run that has put an object without a next cursor may have begun the chain behind it earlier than this one would, and
 * more of its objects may follow: then its cursor is adopted, too. It began no earlier than the chain of the object.
 */
function withLongestOverlap({ lease: { task } }: Run, { change, ...delivery }: Delivery): Delivery {
  const { overlap } = change
  const widened = overlap && { ...change, overlap: { ...overlap, from: task.startTime } }
  return { ...delivery, change: (delivery.isReadAgain && widened) || change }
}

/** The delivery of an object that was found. */
export const toAdopted = (run: Run, key: string, record: PageRecord): Delivery => ({
  ...withLongestOverlap(run, toDelivery(run, key, record)),
  ...(isPlainKey(key) && { mayBeFollowed: true }),
})

/** Says that the table is older than the lake, because it was restored from a backup. */
export function withRestoreWarning(run: Run, delivery: Delivery): Delivery {
  run.ports.log.warn('the lake holds an object that the tasks table does not know, it is adopted', {})
  return { ...delivery, adopted: 'restored' }
}

async function readExisting(run: Run, key: string): Promise<PageRecord> {
  const record = await readRecord(run, key, 'reading what an earlier run wrote')
  if (record) return record
  throw createFailure({ kind: 'damaged', what: `The object ${key} exists and cannot be found.` })
}

/** Keeps what cannot be read, before the page's object says how much there is. */
async function keepUnreadable(run: Run, key: string, pieces: readonly Uint8Array[]): Promise<void> {
  if (pieces.length === 0) return
  const { collectorId, sourceId, api } = run.lease.task
  const at = await keepEvidence(run, key, pieces)
  run.ports.log.warn(UNREADABLE, {
    collectorId,
    sourceId,
    api,
    items: pieces.length,
    ...(at !== undefined && { key: at }),
  })
}

const isEmpty = ({ items, unreadable = [] }: Page): boolean => items.length === 0 && unreadable.length === 0

/** The task's cursor leads to a place that was delivered long ago: its object is not the next one of the ledger. */
export class LedBack extends Error {
  override readonly name = 'LedBack'
  readonly failure: RunFailure

  constructor(failure: RunFailure) {
    super(failure.message, { cause: failure })
    this.failure = failure
  }
}

/** All events of a last page without a cursor were delivered before. */
const NOTHING: Delivery = { change: {}, nextCursor: undefined, isReadAgain: true }

const toMove = ({ lease }: Run, page: Page): Delivery => ({
  change: moved(lease.task, page),
  nextCursor: page.cursor,
  ...(page.filtered && { filtered: page.filtered }),
})

/** What a run knows when it finds that the object exists. */
interface Found {
  /** The record that this run has tried to write. */
  readonly own: PageRecord
  /** An earlier run may have left an uncommitted object. */
  readonly mayBeUnfinished: boolean
}

const isSame = (a: PageRecord, b: PageRecord): boolean =>
  a.asked === b.asked && a.nextCursor === b.nextCursor && a.count === b.count

/**
 * Adopts the object that exists at the end of the ledger. That is what an earlier run left, or this run's own write,
 * which the SDK has repeated. If it is neither, the table is older than the lake.
 */
async function adoptExisting(run: Run, key: string, { own, mayBeUnfinished }: Found): Promise<Delivery> {
  const record = await readExisting(run, key)
  if (!isNext(run.lease.task, record))
    throw new LedBack(createFailure({ kind: 'cursor-repeated', when: 'before' }))
  const adopted = toAdopted(run, key, record)
  // If the day has changed since, the next object may lie in the folder of this one all the same.
  const isOfToday = run.lease.task.partition === toUtcDate(run.ports.clock.now())
  const delivery: Delivery = isOfToday ? adopted : { ...adopted, mayBeFollowed: true }
  if (isSame(record, own)) return delivery
  return mayBeUnfinished ? { ...delivery, adopted: 'left' } : withRestoreWarning(run, delivery)
}

/** The delivery of a page that goes past the lake: the ledger ends where it did. */
async function passLake(run: Run, request: PageRequest, page: Page): Promise<Delivery> {
  const { lease, ports } = run
  const nowMs = ports.clock.now()
  const record = toPageRecord(lease.task, request, page, nowMs)
  const key = computeAskedKey(run)
  await keepUnreadable(run, key, page.unreadable ?? [])
  const change = passedBy(lease.task, record, nowMs)
  return { ...follow(run, { change, key, record }), items: page.items, isOutside: true }
}

/**
 * Writes the page as one object. What could not be read of it is put beside it. If the object exists already, this adopts its record, and with it its next cursor.
 * Throws RunFailure, also if the object there belongs to another place of the ledger.
 */
async function putPage(run: Run, request: PageRequest, page: Page): Promise<Delivery> {
  const { lease, ports } = run
  const key = computeKey(run)
  const record = toPageRecord(lease.task, request, page, ports.clock.now())
  const lines = eventLines(page.items, await run.describeSource(), lease.task.api)
  await keepUnreadable(run, key, page.unreadable ?? [])
  const mayBeUnfinished = lease.mayHaveUncommittedObject
  lease.expectObject()
  const written = await during('writing the page to the lake', ports.lake.create(key, lines, record))
  if (written === 'created') return { ...toDelivery(run, key, record), items: page.items }
  return adoptExisting(run, key, { own: record, mayBeUnfinished })
}

/** Makes a page safe: in the lake, or not at all if the collector does without one. Throws RunFailure. */
export async function deliver(run: Run, request: PageRequest, page: Page): Promise<Delivery> {
  if (isEmpty(page)) return page.cursor === NO_CURSOR ? NOTHING : toMove(run, page)
  return hasLake(run) ? putPage(run, request, page) : passLake(run, request, page)
}
