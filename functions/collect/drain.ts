import { NO_CURSOR, type Page } from '../../shared/domain/stream/page.ts'
import { nextRequest, type PageRequest } from '../../shared/domain/stream/page-request.ts'
import { adoptFollowing } from './adopt.ts'
import { type Advance, createAdvance } from './advance.ts'
import { leavePlace } from './blocked-place.ts'
import { commit, type OnCommitted } from './commit.ts'
import { deliver } from './deliver.ts'
import { fetchPage, isUnreadablePage } from './fetch-page.ts'
import { type DeliveredMarks, isWalkUnfinished, readDelivered, withoutDelivered } from './overlap.ts'
import { type ApplyRules, createProcessing } from './processing.ts'
import { fetchFirstPage, replacePlace } from './refused-place.ts'
import { hasTimeAhead, hasTimeForRequest, isOutdated, type Run } from './run.ts'
import { readAnotherWay } from './unreadable-page.ts'

/**
 * How the reading of pages ended: there are no more (`drained`, or `released` if the last commit gave the lease back
 * too), or the time is used up or the source was changed (`continued`, or `unasked` if no page was read before that).
 */
type DrainEnd = 'drained' | 'released' | 'continued' | 'unasked'

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

/** What the reading of one page hands to the next. */
interface Reading {
  readonly delivered: DeliveredMarks | undefined
  readonly ahead?: Ahead | undefined
}

interface PageReading extends Reading {
  readonly page: Page
}

async function readPage(run: Run, reading: Reading): Promise<PageReading> {
  try {
    return { ...reading, page: await (reading.ahead?.page ?? fetchPage(run, toRequest(run))) }
  } catch (error) {
    if (isUnreadablePage(error)) {
      const page = await readAnotherWay(run, error)
      return { delivered: await readDelivered(run), page }
    }
    await replacePlace(run, error)
    return { delivered: await readDelivered(run), page: await fetchFirstPage(run) }
  }
}

const hasNothingNew = ({ lease }: Run, page: Page): boolean =>
  page.items.length === 0 &&
  page.unreadable === undefined &&
  (page.cursor === lease.task.cursor || page.cursor === NO_CURSOR)

interface DrainParts {
  readonly applyRules: ApplyRules
  readonly onCommitted: OnCommitted
  readonly advance: Advance
}

/**
 * Delivers a page and commits it, while the next page is being fetched. Returns `released` if it was the last page, else
 * what to go on with.
 */
async function deliverPage(
  run: Run,
  { page, delivered }: Pick<PageReading, 'page' | 'delivered'>,
  { applyRules, onCommitted, advance }: DrainParts,
): Promise<Pick<Reading, 'delivered' | 'ahead'> | 'released'> {
  advance.check(page)
  const ahead = page.hasMore && hasTimeAhead(run) ? fetchAhead(run, page.cursor) : undefined
  try {
    if (ahead) await run.ports.clock.giveWay()
    const { partition: date } = run.lease.task
    const kept = await applyRules(withoutDelivered(run, page, delivered))
    const delivery = await deliver(run, toRequest(run), kept)
    const isOwn = !delivery.adopted && !delivery.mayBeFollowed
    const last = !page.hasMore && isOwn
    await commit(run, delivery, { last })
    onCommitted(delivery.record, delivery.filtered)
    if (last) return 'released'
    advance.requireEvents()
    if (isOwn) return { delivered, ahead }
    ahead?.cancel()
    if (delivery.adopted === 'restored' || delivery.mayBeFollowed)
      await adoptFollowing(run, date, onCommitted)
    return { delivered: await readDelivered(run) }
  } catch (error) {
    ahead?.cancel()
    throw error
  }
}

async function goRound(run: Run, error: unknown): Promise<Reading> {
  await leavePlace(run, error)
  return { delivered: await readDelivered(run) }
}

async function readPages(run: Run, onCommitted: OnCommitted): Promise<DrainEnd> {
  const advance = createAdvance(run)
  const parts = { applyRules: createProcessing(run), onCommitted, advance }
  let reading: Reading = { delivered: await readDelivered(run) }
  for (let stopped: DrainEnd = 'unasked'; ; stopped = 'continued') {
    if (isOutdated(run)) {
      reading.ahead?.cancel()
      return stopped
    }
    if (!reading.ahead && !hasTimeForRequest(run)) return stopped
    const read = await readPage(run, reading)
    if (hasNothingNew(run, read.page)) return 'drained'
    const next = await deliverPage(run, read, parts).catch(error => goRound(run, error))
    if (next === 'released') return next
    reading = next
  }
}

/**
 * Reads pages until there are no more, or the time is used up or the source was changed. Delivers each page and then
 * commits it. Throws RunFailure or Superseded; what was committed until then stays.
 */
export async function drain(run: Run, onCommitted: OnCommitted): Promise<DrainEnd> {
  try {
    return await readPages(run, onCommitted)
  } catch (error) {
    if (isWalkUnfinished(error)) return 'unasked'
    throw error
  }
}
