import { createFailure, during } from '../../shared/domain/failure/failure.ts'
import { NO_CURSOR, type Page } from '../../shared/domain/stream/page.ts'
import type { PageRecord } from '../../shared/domain/stream/page-record.ts'
import { nextRequest, type PageRequest } from '../../shared/domain/stream/page-request.ts'
import { resetChain } from '../../shared/domain/stream/reset.ts'
import { endedWell } from '../../shared/domain/task/progress.ts'
import {
  computeKey,
  createSourceDescription,
  type Delivery,
  type DescribeSource,
  deliver,
  toDelivery,
} from './deliver.ts'
import { fetchPage, isCursorRefused, isUnreadablePage } from './fetch-page.ts'
import { changeHealthAfterReset, changeHealthAfterSuccess, healthAfterPage } from './health-changes.ts'
import { type DeliveredUuids, readDelivered, withoutDelivered } from './overlap.ts'
import { hasTimeForRequest, isOutdated, nowIso, type Run } from './run.ts'
import { readAnotherWay } from './unreadable-page.ts'

/** Is called with the record of each committed page. A page without items has none. */
export type OnCommitted = (record: PageRecord | undefined) => void

/**
 * How the reading of pages ended: there are no more (`drained`, or `released` if the last commit gave the lease back
 * too), or the time is used up or the source was changed (`continued`, or `unasked` if no page was read before that).
 */
export type DrainEnd = 'drained' | 'released' | 'continued' | 'unasked'

/** A page that is being fetched while the page before is delivered. */
interface Ahead {
  readonly page: Promise<Page>
  readonly cancel: () => void
}

function fetchAhead(run: Run, cursor: string): Ahead {
  const abort = new AbortController()
  const page = fetchPage(run, { cursor }, abort.signal)
  page.catch(() => {}) // Whoever awaits the page gets its failure. Nobody awaits a cancelled page.
  return { page, cancel: () => abort.abort(new Error('not needed any more')) }
}

const toRequest = ({ lease, settings }: Run): PageRequest => nextRequest(lease.task, settings.pageSize)

/** Commits a page. `last`: no page follows, so that the same write ends the run and gives the lease back. */
async function commit(run: Run, delivery: Delivery, { last }: { readonly last: boolean }): Promise<void> {
  const { lease, ports } = run
  const now = nowIso(run)
  const health = healthAfterPage(run, delivery, now)
  const end = last && {
    ...endedWell(lease.task, now, true, false),
    ...changeHealthAfterSuccess(run, now, true, health),
  }
  const isMoved = delivery.nextCursor !== lease.task.cursor
  await lease.saveCursor({
    ...delivery.change,
    ...(isMoved && { cursorSinceMs: ports.clock.now() }),
    ...(health && { health }),
    ...end,
  })
}

/**
 * If an earlier run may have left an uncommitted object, this looks for it and commits its page, which is then not read
 * again. To be called before the cursor can be replaced, because the object would be lost then.
 */
export async function adoptUncommittedObject(run: Run, onCommitted: OnCommitted): Promise<void> {
  if (!run.lease.mayHaveUncommittedObject) return
  const key = computeKey(run, toRequest(run))
  const record = await during('looking for what an earlier run wrote', run.ports.lake.record(key))
  if (!record) return
  await commit(run, toDelivery(run, key, record), { last: false })
  onCommitted(record)
}

/** Begins a new chain after 1Password refused the cursor. Returns what the new chain will bring again. */
async function replaceCursor(run: Run, refusal: Error): Promise<DeliveredUuids | undefined> {
  const { lease, ports } = run
  ports.log.warn('cursor refused, beginning anew from the last event', { reason: refusal.message })
  const reset = resetChain(lease.task, ports.clock.now())
  await lease.saveCursor({ ...reset, ...changeHealthAfterReset(run, reset, refusal.message) })
  return readDelivered(run)
}

/** What the reading of one page hands to the next. */
interface Reading {
  readonly delivered: DeliveredUuids | undefined
  /** This run has replaced the cursor already. */
  readonly isReset: boolean
  readonly ahead?: Ahead | undefined
}

async function readPage(run: Run, reading: Reading): Promise<Reading & { readonly page: Page }> {
  try {
    return { ...reading, page: await (reading.ahead?.page ?? fetchPage(run, toRequest(run))) }
  } catch (error) {
    if (isUnreadablePage(error)) {
      const page = await readAnotherWay(run, error)
      return { delivered: await readDelivered(run), isReset: reading.isReset, page }
    }
    if (!isCursorRefused(error)) throw error
    if (reading.isReset) throw createFailure({ kind: 'cursor-refused', answer: error.message })
    const delivered = await replaceCursor(run, error)
    return { delivered, isReset: true, page: await fetchPage(run, toRequest(run)) }
  }
}

const hasNothingNew = ({ lease }: Run, page: Page): boolean =>
  page.items.length === 0 &&
  page.unreadable === undefined &&
  (page.cursor === lease.task.cursor || page.cursor === NO_CURSOR)

interface DrainParts {
  readonly describeSource: DescribeSource
  readonly onCommitted: OnCommitted
}

/**
 * Delivers a page and commits it, while the next page is being fetched. Returns `released` if it was the last page, else
 * the fetch to go on with, if there is one.
 */
async function deliverPage(
  run: Run,
  page: Page,
  delivered: DeliveredUuids | undefined,
  { describeSource, onCommitted }: DrainParts,
): Promise<Ahead | 'released' | undefined> {
  const ahead = page.hasMore && hasTimeForRequest(run) ? fetchAhead(run, page.cursor) : undefined
  try {
    const delivery = await deliver(run, toRequest(run), withoutDelivered(page, delivered), describeSource)
    const isAdopted = delivery.nextCursor !== page.cursor
    const last = !page.hasMore && !isAdopted
    await commit(run, delivery, { last })
    onCommitted(delivery.record)
    if (isAdopted) ahead?.cancel()
    if (last) return 'released'
    return isAdopted ? undefined : ahead
  } catch (error) {
    ahead?.cancel()
    throw error
  }
}

/**
 * Reads pages until there are no more, or the time is used up or the source was changed. Delivers each page and then
 * commits it. Throws RunFailure or Superseded; what was committed until then stays.
 */
export async function drain(run: Run, onCommitted: OnCommitted): Promise<DrainEnd> {
  const parts = { describeSource: createSourceDescription(run), onCommitted }
  let reading: Reading = { delivered: await readDelivered(run), isReset: false }
  for (let stopped: DrainEnd = 'unasked'; ; stopped = 'continued') {
    if (isOutdated(run)) {
      reading.ahead?.cancel()
      return stopped
    }
    if (!reading.ahead && !hasTimeForRequest(run)) return stopped
    const { page, ...read } = await readPage(run, reading)
    if (hasNothingNew(run, page)) return 'drained'
    const next = await deliverPage(run, page, read.delivered, parts)
    if (next === 'released') return next
    reading = { ...read, ahead: next }
  }
}
