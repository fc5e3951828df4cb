import { START_REFUSED_MS } from '../../shared/contract/timing.ts'
import { createFailure, type RunFailure } from '../../shared/domain/failure/failure.ts'
import type { Page } from '../../shared/domain/stream/page.ts'
import { nextRequest } from '../../shared/domain/stream/page-request.ts'
import { earliestStartMs, resetChain } from '../../shared/domain/stream/reset.ts'
import { toEpochMs, wholeSeconds } from '../../shared/domain/stream/timestamp.ts'
import { cursorMark } from '../../shared/domain/stream/trail.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { fetchPage, isCursorRefused, isStartRefused, isUnreadablePage } from './fetch-page.ts'
import { changeHealthAfterReset } from './health-changes.ts'
import { hasTimeForRequest, type Run } from './run.ts'

const HOUR_MS = 3_600_000

export const computeMark = ({ cursor, startTime }: Task): string => cursorMark(cursor ?? `start ${startTime}`)

const createRefusedOnce = ({ message }: Error): RunFailure =>
  createFailure({ kind: 'refused-once', answer: message.split(' — ')[0] ?? '' })

/** Whether the refusal counts. A start is refused for some minutes, because nothing takes its place. */
function isConfirmed({ lease: { task }, ports }: Run, error: Error): boolean {
  if (task.refusedPlace !== computeMark(task)) return false
  return isCursorRefused(error) || ports.clock.now() - (task.refusedMs ?? 0) >= START_REFUSED_MS
}

/**
 * Returns if this is no refusal, or if earlier runs were refused the same place. Otherwise notes the place and throws
 * RunFailure: a cursor is not thrown away, nor a source halted, for one answer.
 */
export async function requireSecondRefusal(run: Run, error: unknown): Promise<void> {
  if (!isCursorRefused(error) && !isStartRefused(error)) return
  if (isConfirmed(run, error)) return
  const refusedPlace = computeMark(run.lease.task)
  if (run.lease.task.refusedPlace !== refusedPlace)
    await run.lease.save({ refusedPlace, refusedMs: run.ports.clock.now() })
  throw createRefusedOnce(error)
}

async function beginAnew(run: Run, refusal: Error): Promise<void> {
  const { lease, ports } = run
  ports.log.warn('refused, beginning anew from before the last event', { reason: refusal.message })
  const reset = resetChain(lease.task, ports.clock.now())
  await lease.save({ ...reset, ...changeHealthAfterReset(run, reset, refusal.message) })
}

/** Whether 1Password takes a start. Throws RunFailure if it does not say. */
async function isTaken(run: Run, ms: number): Promise<boolean> {
  try {
    await fetchPage(run, { limit: 1, start_time: wholeSeconds(ms) })
    return true
  } catch (error) {
    if (isStartRefused(error)) return false
    if (isUnreadablePage(error)) return true
    throw error
  }
}

/**
 * After a start that was refused for some minutes. A new chain begins at the earliest time that 1Password keeps, if the
 * start is before that. If 1Password takes a later start, the user need not act: throws RunFailure that is retried.
 * Otherwise throws the refusal.
 */
async function replaceStart(run: Run, refusal: Error): Promise<void> {
  const { startTime } = run.lease.task
  if (!hasTimeForRequest(run)) throw createRefusedOnce(refusal)
  const nowMs = run.ports.clock.now()
  const [startMs, earliestMs] = [toEpochMs(startTime), earliestStartMs(nowMs)]
  if (startMs < earliestMs && (await isTaken(run, earliestMs))) return beginAnew(run, refusal)
  const laterMs = Math.max(nowMs - HOUR_MS, startMs + 1000)
  if (!(await isTaken(run, laterMs))) throw refusal
  throw createFailure({
    kind: 'only-start-refused',
    answer: refusal.message.split(' — ')[0] ?? '',
    startTime,
  })
}

/** Begins a new chain after 1Password refused the place of the next page. Throws every other error. */
export async function replacePlace(run: Run, error: unknown): Promise<void> {
  await requireSecondRefusal(run, error)
  if (isCursorRefused(error)) return beginAnew(run, error)
  if (isStartRefused(error)) return replaceStart(run, error)
  throw error
}

/** Fetches the first page of a new chain. Throws RunFailure. */
export async function fetchFirstPage(run: Run): Promise<Page> {
  try {
    return await fetchPage(run, nextRequest(run.lease.task, run.settings.pageSize))
  } catch (error) {
    await requireSecondRefusal(run, error)
    throw error
  }
}
