import { isMarked } from '../../shared/domain/stream/event-mark.ts'
import type { Page } from '../../shared/domain/stream/page.ts'
import {
  nextRequest,
  type PageRequest,
  pageLimit,
  placeDigest,
} from '../../shared/domain/stream/page-request.ts'
import { resetInSmallerPages } from '../../shared/domain/stream/reset.ts'
import { stepOver } from '../../shared/domain/stream/step-over.ts'
import { toIsoTime, toMilliseconds, wholeSeconds } from '../../shared/domain/stream/timestamp.ts'
import { unreadFromMs } from '../../shared/domain/task/read-time.ts'
import { STEPPED_BY_RUN } from '../../shared/domain/task/step.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { computeAskedKey } from './deliver.ts'
import { keepEvidence } from './evidence.ts'
import {
  fetchPage,
  isCursorRefused,
  isStartRefused,
  isUnreadablePage,
  type UnreadablePage,
} from './fetch-page.ts'
import { changeHealthAfterStart, changeHealthAfterStep } from './health-changes.ts'
import { fetchFirstPage } from './refused-place.ts'
import { hasRules, hasTimeForRequest, type Run } from './run.ts'
import { walkLedger } from './walk-ledger.ts'

/*
 * A page that cannot be read at all, because it is too large or no JSON, must not stop its API. The cursor holds the size
 * of the pages, so smaller ones need a reset cursor: it begins before the last event, and what was delivered is dropped
 * by uuid. If even a single event cannot be read, the next chain begins at the first time behind it.
 * None of this is done unless, in the same run, 1Password answers rightly to another request and then not to this one.
 * So an outage, or a proxy that answers in its place, moves nothing. To step over events cannot be taken back: the third
 * run in a row that meets the page does it, so that pages that are torn now and then move nothing either.
 */

const SECOND_MS = 1000

const toRequest = ({ lease, settings }: Run): PageRequest => nextRequest(lease.task, settings.pageSize)

/**
 * Returns undefined if this page cannot be read either. Throws the first failure if there is no time for it, or if
 * 1Password refuses the request: that has its own rules, and this request is not the task's.
 */
async function tryPage(
  run: Run,
  request: PageRequest,
  { failure }: UnreadablePage,
): Promise<Page | undefined> {
  if (!hasTimeForRequest(run)) throw failure
  try {
    return await fetchPage(run, request)
  } catch (error) {
    if (isUnreadablePage(error)) return undefined
    throw isCursorRefused(error) || isStartRefused(error) ? failure : error
  }
}

/** Begins a chain of smaller pages, if its first page can be read. Returns that page. */
async function readSmaller(run: Run, trouble: UnreadablePage): Promise<Page | undefined> {
  const { lease, ports, settings } = run
  let limit = pageLimit(lease.task, settings.pageSize) >> 1
  for (; limit >= 1; limit >>= 1) {
    const reset = resetInSmallerPages(lease.task, ports.clock.now(), limit)
    const page = await tryPage(run, { limit, start_time: reset.startTime ?? lease.task.startTime }, trouble)
    if (!page) continue
    const same = await tryPage(run, toRequest(run), trouble)
    if (same) return same
    ports.log.warn('a page could not be read, reading smaller ones', { limit, reason: trouble.message })
    await lease.save({ ...reset, ...changeHealthAfterStart(run, reset) })
    return page
  }
  return undefined
}

/** How many single events are read to come past those that were delivered before: of the same second, or dated ahead. */
const MOST_KNOWN = 8

/**
 * Whether a chain that begins at this time leads past the event that cannot be read: its first event that was not delivered
 * before can be read, or there is none.
 */
async function leadsPast(run: Run, ms: number, { marks, trouble }: Search): Promise<boolean> {
  const { markSalt } = run.registered.source
  let request: PageRequest = { limit: 1, start_time: wholeSeconds(ms) }
  for (let known = 0; known < MOST_KNOWN; known++) {
    const page = await tryPage(run, request, trouble)
    if (!page) return false
    if (!page.hasMore || page.items.some(item => !isMarked(item, marks, markSalt))) return true
    request = { cursor: page.cursor }
  }
  return false
}

interface Search {
  /** What was delivered since the time from which is searched. */
  readonly marks: ReadonlySet<string>
  readonly trouble: UnreadablePage
}

/** Finds out what a chain from this time would bring again. */
async function findMarks(run: Run, fromMs: number): Promise<ReadonlySet<string>> {
  const { lastObjectKey } = run.lease.task
  if (lastObjectKey === undefined) return new Set()
  const { marks } = await walkLedger(run, { from: wholeSeconds(fromMs), lastObjectKey })
  return marks
}

/**
 * Finds the first whole second from which single events can be read again: in steps that double, and then by halves.
 * Returns undefined if there is none until now.
 */
async function findReadable(run: Run, fromMs: number, trouble: UnreadablePage): Promise<number | undefined> {
  const nowMs = run.ports.clock.now()
  const search = { trouble, marks: await findMarks(run, fromMs) }
  const isReadable = (ms: number): Promise<boolean> => leadsPast(run, ms, search)
  let [bad, good] = [fromMs, fromMs + SECOND_MS]
  while (!(await isReadable(good))) {
    if (good > nowMs) return undefined
    const step = good - fromMs
    bad = good
    good += step
  }
  while (good - bad > SECOND_MS) {
    const middle = bad + Math.floor((good - bad) / 2 / SECOND_MS) * SECOND_MS
    if (await isReadable(middle)) good = middle
    else bad = middle
  }
  return good
}

async function keepBody(run: Run, { body }: UnreadablePage): Promise<string | undefined> {
  return body && keepEvidence(run, computeAskedKey(run), [body])
}

/** How many runs in a row must have met a page before a run reads on in smaller ones, and before it steps over events. */
const RUNS_BEFORE_SMALLER = 1
const RUNS_BEFORE_STEP = 2

/**
 * Fails the run, unless so many runs before have met the page: 1Password or a proxy may be in trouble of its own for a
 * while.
 */
async function requireRunsBefore(run: Run, { failure }: UnreadablePage, wanted: number): Promise<void> {
  const { lease } = run
  const place = placeDigest(lease.task.chain, toRequest(run)).slice(0, 16)
  const [at, met = '1'] = lease.task.unreadableAt?.split('/') ?? []
  const count = at === place ? Number(met) : 0
  if (count >= wanted) return
  await lease.save({ unreadableAt: `${place}/${count + 1}` })
  throw failure
}

/** The last event, unless it is dated later than what can be read again. */
function findLastBefore({ lastEventTime = '' }: Task, readMs: number, readableMs: number): number {
  const lastMs = toMilliseconds(lastEventTime)
  return lastMs > readMs && lastMs < readableMs ? lastMs : readMs
}

/** Goes on behind what cannot be read in any way. Keeps what was received, and says from when to when nothing was. */
async function readBehind(run: Run, trouble: UnreadablePage): Promise<Page> {
  const { lease, ports } = run
  const nowMs = ports.clock.now()
  const readMs = Math.max(unreadFromMs(lease.task, nowMs), toMilliseconds(lease.task.startTime))
  const readableMs = await findReadable(run, Math.floor(readMs / SECOND_MS) * SECOND_MS, trouble)
  if (readableMs === undefined) throw trouble.failure
  const same = await tryPage(run, toRequest(run), trouble)
  if (same) return same
  await requireRunsBefore(run, trouble, RUNS_BEFORE_STEP)
  const key = await keepBody(run, trouble)
  const to = wholeSeconds(readableMs)
  const from = toIsoTime(findLastBefore(lease.task, readMs, readableMs))
  const isWithheld = hasRules(run)
  const stepped = { from, to, why: trouble.message, isWithheld, ...(key !== undefined && { key }) }
  ports.log.warn('events could not be read and are stepped over', stepped)
  const change = stepOver(lease.task, nowMs, { from, to, by: STEPPED_BY_RUN, at: toIsoTime(nowMs) })
  await lease.save({ ...change, ...changeHealthAfterStep(run, stepped) })
  return fetchFirstPage(run)
}

/**
 * Returns the page to go on with after one that cannot be read. The task then has another cursor. Throws RunFailure: the
 * failure of the page, unless another run has met it before and 1Password answers to other requests.
 */
export async function readAnotherWay(run: Run, trouble: UnreadablePage): Promise<Page> {
  if (run.lease.task.pageLimit === undefined) await requireRunsBefore(run, trouble, RUNS_BEFORE_SMALLER)
  return (await readSmaller(run, trouble)) ?? readBehind(run, trouble)
}
