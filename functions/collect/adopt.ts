import { datesAfter, datesToSearch, objectKey } from '../../shared/domain/stream/object-key.ts'
import { isNext, type PageRecord } from '../../shared/domain/stream/page-record.ts'
import { toUtcDate } from '../../shared/domain/stream/timestamp.ts'
import { commit, type OnCommitted } from './commit.ts'
import { toDelivery, withRestoreWarning } from './deliver.ts'
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
  const key = objectKey(task, date)
  const record = await readRecord(run, key, 'looking for what an earlier run wrote')
  return record && isNext(task, record) ? { key, date, record } : undefined
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

/** Commits the objects that are found in date folders, one after the other. */
async function adoptIn(
  run: Run,
  given: readonly string[],
  onCommitted: OnCommitted,
): Promise<'done' | 'unfinished'> {
  const { lease } = run
  for (let dates = given, isFirst = true; dates.length > 0; isFirst = false) {
    if (!isFirst && !hasTimeForRequest(run)) return 'unfinished'
    const isLeft = lease.mayHaveUncommittedObject
    const { partition } = lease.task
    const found = await findObject(run, dates)
    if (!found) return 'done'
    const delivery = toDelivery(run, found.key, found.record)
    const isUnfinished = isLeft && found.date === partition
    await commit(run, isUnfinished ? delivery : withRestoreWarning(run, delivery), { last: false })
    onCommitted(found.record)
    dates = isUnfinished && dates.length === 1 ? [] : datesAfter(dates, found.date)
  }
  return 'done'
}

/**
 * Looks for objects in the lake that the task does not know, and commits their pages, which are then not read again. An
 * earlier run may have left one. There are more if the tasks table was restored from a backup. To be called before the
 * cursor can be replaced. Returns `unfinished` if the time was used up before all were found.
 */
export const adoptUnknownObjects = (run: Run, onCommitted: OnCommitted): Promise<'done' | 'unfinished'> =>
  adoptIn(run, listDates(run), onCommitted)

/** The same once an object has shown that the table is older than the lake: more may follow in the folder of today. */
export async function adoptFollowing(run: Run, onCommitted: OnCommitted): Promise<void> {
  const today = toUtcDate(run.ports.clock.now())
  await adoptIn(run, [today], onCommitted)
}
