import { datesAfter, datesToSearch, isPlainKey, possibleKeys } from '../../shared/domain/stream/object-key.ts'
import { isNext, type PageRecord } from '../../shared/domain/stream/page-record.ts'
import { toUtcDate } from '../../shared/domain/stream/timestamp.ts'
import { commit, type OnCommitted } from './commit.ts'
import { toAdopted, withRestoreWarning } from './deliver.ts'
import { readRecord } from './object-record.ts'
import { hasTimeForRequest, type Run } from './run.ts'

interface FoundObject {
  readonly key: string
  readonly date: string
  readonly record: PageRecord
}

/** How many date folders are searched at a time. */
const AT_ONCE = 10

async function findIn(run: Run, date: string): Promise<FoundObject | undefined> {
  const { task } = run.lease
  for (const key of possibleKeys(task, date)) {
    const record = await readRecord(run, key, 'looking for what an earlier run wrote')
    if (record && isNext(task, record)) return { key, date, record }
  }
  return undefined
}

/** Returns the first object at the end of the ledger that a date folder holds. */
async function findObject(run: Run, dates: readonly string[]): Promise<FoundObject | undefined> {
  for (let at = 0; at < dates.length; at += AT_ONCE) {
    const found = await Promise.all(dates.slice(at, at + AT_ONCE).map(date => findIn(run, date)))
    const first = found.find(each => each !== undefined)
    if (first) return first
  }
  return undefined
}

function listDates({ lease, ports, registered }: Run): readonly string[] {
  return datesToSearch(lease.task, {
    mayHaveObject: lease.mayHaveUncommittedObject,
    createdMs: Date.parse(registered.source.createdAt),
    nowMs: ports.clock.now(),
  })
}

const today = ({ ports }: Run): string => toUtcDate(ports.clock.now())

/**
 * Returns the date folders of the next object. After one that an earlier deployment has put, another one of that deployment
 * may follow, which a put of today would not meet.
 */
function datesOfNext(run: Run, dates: readonly string[], { key, date }: FoundObject): readonly string[] {
  return datesAfter(isPlainKey(key) ? [...new Set([...dates, today(run)])] : dates, date)
}

interface Search {
  readonly dates: readonly string[]
  /** The first object may be one that a run has left uncommitted. */
  readonly mayBeLeft: boolean
}

/** Commits the objects that are found in date folders, one after the other. */
async function adoptIn(run: Run, search: Search, onCommitted: OnCommitted): Promise<'done' | 'unfinished'> {
  let { dates, mayBeLeft } = search
  for (let isFirst = true; ; isFirst = false) {
    if (!isFirst && !hasTimeForRequest(run)) return 'unfinished'
    const { partition } = run.lease.task
    const found = await findObject(run, dates)
    if (!found) return 'done'
    const delivery = toAdopted(run, found.key, found.record)
    const isUnfinished = mayBeLeft && found.date === partition
    await commit(run, isUnfinished ? delivery : withRestoreWarning(run, delivery), { last: false })
    onCommitted(found.record)
    if (isUnfinished && dates.length === 1 && !delivery.mayBeFollowed) return 'done'
    mayBeLeft = false
    dates = datesOfNext(run, dates, found)
  }
}

/**
 * Looks for objects in the lake that the task does not know, and commits their pages, which are then not read again. An
 * earlier run may have left one. There are more if the tasks table was restored from a backup. To be called before the
 * cursor can be replaced. Returns `unfinished` if the time was used up before all were found.
 */
export const adoptUnknownObjects = (run: Run, onCommitted: OnCommitted): Promise<'done' | 'unfinished'> =>
  adoptIn(run, { dates: listDates(run), mayBeLeft: run.lease.mayHaveUncommittedObject }, onCommitted)

/**
 * The same once an object that lay in this date folder has shown that more may follow, there or in the folder of today: the
 * table is older than the lake, or the day has changed meanwhile.
 */
export async function adoptFollowing(
  run: Run,
  date: string | undefined,
  onCommitted: OnCommitted,
): Promise<void> {
  const dates = [...new Set([date ?? today(run), today(run)])]
  await adoptIn(run, { dates, mayBeLeft: false }, onCommitted)
}
