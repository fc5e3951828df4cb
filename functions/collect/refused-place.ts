import { createFailure, isRunFailure } from '../../shared/domain/failure/failure.ts'
import type { Page } from '../../shared/domain/stream/page.ts'
import { nextRequest } from '../../shared/domain/stream/page-request.ts'
import { resetChain } from '../../shared/domain/stream/reset.ts'
import { toUtcDate } from '../../shared/domain/stream/timestamp.ts'
import { cursorMark } from '../../shared/domain/stream/trail.ts'
import { LedBack } from './deliver.ts'
import { fetchPage, isCursorRefused } from './fetch-page.ts'
import { changeHealthAfterReset } from './health-changes.ts'
import type { Run } from './run.ts'

/** A failure whose answer was the API's own 400 to the start of a chain. */
const isStartRefused = (error: unknown): error is Error =>
  isRunFailure(error) && error.type === 'ThirdPartyConfig' && error.code === 400

const computeMark = ({ lease: { task } }: Run): string => cursorMark(task.cursor ?? `start ${task.startTime}`)

/**
 * Returns if this is no refusal, or the second run in a row that is refused the same place. Otherwise notes the place and
 * throws RunFailure: a cursor is not thrown away, nor a source halted, for one answer.
 */
export async function requireSecondRefusal(run: Run, error: unknown): Promise<void> {
  if (!isCursorRefused(error) && !isStartRefused(error)) return
  const mark = computeMark(run)
  if (run.lease.task.refusedPlace === mark) return
  await run.lease.save({ refusedPlace: mark })
  throw createFailure({ kind: 'refused-once', answer: error.message.split(' — ')[0] ?? '' })
}

/**
 * After a page whose place holds an object of long ago: in the second run a new chain begins before the last event, at a
 * place of its own. Throws every other error, and in the first run the failure.
 */
export async function leaveRound(run: Run, error: unknown): Promise<void> {
  if (!(error instanceof LedBack)) throw error
  const { lease, ports } = run
  const mark = computeMark(run)
  if (lease.task.refusedPlace !== mark) {
    await lease.save({ refusedPlace: mark })
    throw error.failure
  }
  const nowMs = ports.clock.now()
  const reset = { ...resetChain(lease.task, nowMs), place: undefined, partition: toUtcDate(nowMs) }
  ports.log.warn('the cursor leads back, beginning anew from before the last event', {
    reason: error.message,
  })
  await lease.save({ ...reset, ...changeHealthAfterReset(run, reset, error.message) })
}

/** Begins a new chain after 1Password refused the cursor in two runs. */
export async function replaceCursor(run: Run, refusal: Error): Promise<void> {
  const { lease, ports } = run
  ports.log.warn('cursor refused, beginning anew from before the last event', { reason: refusal.message })
  const reset = resetChain(lease.task, ports.clock.now())
  await lease.save({ ...reset, ...changeHealthAfterReset(run, reset, refusal.message) })
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
