import { failureBy } from '../../shared/domain/failure/failure.ts'
import type { Page } from '../../shared/domain/stream/page.ts'
import { nextRequest, type PageRequest } from '../../shared/domain/stream/page-request.ts'
import { resetChain } from '../../shared/domain/stream/reset.ts'
import { endedWell } from '../../shared/domain/task/progress.ts'
import { count, type Delivery, deliver, deliveryOf, keyAt } from './deliver.ts'
import { fetchPage, isCursorRefused } from './fetch-page.ts'
import { healed, resetTold } from './health.ts'
import { rememberDelivered } from './overlap.ts'
import { during, isOutdated, nowIso, type Run, save, timeForRequest } from './run.ts'

/** A page that is being fetched while the one before is delivered. */
interface Ahead {
  readonly page: Promise<Page>
  readonly cancel: () => void
}

function fetchAhead(run: Run, cursor: string): Ahead {
  const abort = new AbortController()
  const page = fetchPage(run, { cursor }, abort.signal)
  page.catch(() => {}) // Whoever awaits the page hears of its failure; a cancelled one is nobody's.
  return { page, cancel: () => abort.abort(new Error('not needed any more')) }
}

const request = (run: Run): PageRequest => nextRequest(run.task, run.settings.pageSize)

async function commit(run: Run, delivery: Delivery, last: boolean): Promise<void> {
  const now = nowIso(run)
  const end = last && { ...endedWell(run.task, now, true, false), ...healed(run, now, true) }
  const isMoved = delivery.nextCursor !== run.task.cursor
  await save(run, { ...delivery.change, ...(isMoved && { cursorSinceMs: run.ports.clock.now() }), ...end })
  run.openEnd = false
  run.released = last
  count(run, delivery)
}

/**
 * If an earlier run left its end open and its object stands, that page is committed and not asked for again. Before the
 * cursor can be replaced, which would leave the object behind.
 */
export async function adoptOpenEnd(run: Run): Promise<void> {
  if (!run.openEnd) return
  const key = keyAt(run, request(run))
  const record = await during('looking for what an earlier run wrote', run.ports.lake.record(key))
  if (record) await commit(run, deliveryOf(run, key, record), false)
}

async function replaceCursor(run: Run, refusal: Error): Promise<void> {
  if (run.reset) {
    throw failureBy({ kind: 'cursor-refused', answer: refusal.message })
  }
  run.ports.log.warn('cursor refused, beginning anew from the last event', { reason: refusal.message })
  const reset = resetChain(run.task, run.ports.clock.now())
  await save(run, { ...reset, ...resetTold(run, reset, refusal.message) })
  run.reset = true
  run.openEnd = false
  await rememberDelivered(run)
}

async function nextPage(run: Run, ahead: Ahead | undefined): Promise<Page> {
  try {
    return await (ahead?.page ?? fetchPage(run, request(run)))
  } catch (error) {
    if (!isCursorRefused(error)) throw error
    await replaceCursor(run, error)
    return fetchPage(run, request(run))
  }
}

const nothingNew = (run: Run, page: Page): boolean =>
  page.items.length === 0 && page.cursor === run.task.cursor

/** Delivers a page and commits it, the next one being fetched meanwhile. Answers the fetch to go on with, if any. */
async function step(run: Run, page: Page): Promise<Ahead | 'drained' | undefined> {
  const ahead = page.hasMore && timeForRequest(run) ? fetchAhead(run, page.cursor) : undefined
  try {
    const delivery = await deliver(run, request(run), page)
    const adopted = delivery.nextCursor !== page.cursor
    await commit(run, delivery, !page.hasMore && !adopted)
    if (adopted) ahead?.cancel()
    if (!page.hasMore && !adopted) return 'drained'
    return adopted ? undefined : ahead
  } catch (error) {
    ahead?.cancel()
    throw error
  }
}

/**
 * Reads pages until there are no more (`drained`), or the time is used up or the source was changed (`continued`),
 * delivering and then committing each. Throws RunFailure or Superseded; what was committed until then stays.
 */
export async function drain(run: Run): Promise<'drained' | 'continued'> {
  await rememberDelivered(run)
  let ahead: Ahead | undefined
  for (;;) {
    if (isOutdated(run)) {
      ahead?.cancel()
      return 'continued'
    }
    if (!ahead && !timeForRequest(run)) return 'continued'
    const page = await nextPage(run, ahead)
    run.answered = true
    if (nothingNew(run, page)) return 'drained'
    const next = await step(run, page)
    if (next === 'drained') return next
    ahead = next
  }
}
