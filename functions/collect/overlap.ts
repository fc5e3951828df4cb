import { WALK_STUCK_MS } from '../../shared/contract/timing.ts'
import { createFailure } from '../../shared/domain/failure/failure.ts'
import { isMarked } from '../../shared/domain/stream/event-mark.ts'
import type { Page } from '../../shared/domain/stream/page.ts'
import type { Overlap } from '../../shared/domain/task/task.ts'
import { changeHealthAfterWalk } from './health-changes.ts'
import type { Run } from './run.ts'
import { type Stop, walkLedger } from './walk-ledger.ts'

/** Marks of events that were delivered before a reset, while the chain reads them again. */
export type DeliveredMarks = ReadonlySet<string>

/** The time for the walk along the ledger is used up. The next run goes on with it. */
export class WalkUnfinished extends Error {
  override readonly name = 'WalkUnfinished'
}

export const isWalkUnfinished = (error: unknown): error is WalkUnfinished =>
  error instanceof Error && error.name === 'WalkUnfinished'

/** How many runs in a row must get no further before one goes on without. */
const MOST_TRIES = 3

/** Notes with the task how far the walk came, and warns that events may be delivered twice. */
async function goOnWithout(run: Run, overlap: Overlap, { key, why }: Stop): Promise<void> {
  run.ports.log.warn('the events of the overlap are not all known, some may be delivered twice', { key, why })
  const { from, lastObjectKey } = overlap
  await run.lease.save({
    overlap: { from, lastObjectKey, walkedTo: key },
    ...changeHealthAfterWalk(run, { key, why, from }),
  })
}

/** What is there and cannot be read will hardly pass. For all other trouble an hour must be over, too. */
function isHopeless({ passes }: Stop, tries: number, sinceMs: number): boolean {
  if (passes === 'never') return true
  return tries >= MOST_TRIES && (passes === 'unlikely' || sinceMs >= WALK_STUCK_MS)
}

/**
 * After a walk that did not come to its end. Ends the run, if another one may get further. Otherwise the run goes on with
 * what is known: an event more is better than one less.
 */
async function endWalk(run: Run, overlap: Overlap, stop: Stop, isFurther: boolean): Promise<void> {
  const { lease, ports } = run
  const { from, lastObjectKey } = overlap
  if (stop.passes === 'soon' && isFurther) {
    if (overlap.tries !== undefined) await lease.save({ overlap: { from, lastObjectKey } })
    throw new WalkUnfinished(stop.why)
  }
  const nowMs = ports.clock.now()
  const { tries = 0, triedMs = nowMs } = isFurther ? {} : overlap
  if (isHopeless(stop, tries + 1, nowMs - triedMs)) return goOnWithout(run, overlap, stop)
  await lease.save({ overlap: { ...overlap, tries: tries + 1, triedMs } })
  const { key, why } = stop
  throw createFailure({ kind: 'overlap-unknown', key, why })
}

/**
 * Reads which events a reset cursor will bring again. Returns undefined if the chain follows from no reset. Throws
 * WalkUnfinished or RunFailure if another run has to find out.
 */
export async function readDelivered(run: Run): Promise<DeliveredMarks | undefined> {
  const { overlap } = run.lease.task
  if (!overlap) return undefined
  const { marks, stop, isFurther } = await walkLedger(run, overlap)
  if (stop) await endWalk(run, overlap, stop, isFurther)
  return marks
}

/** The page without the events that were delivered before the reset. */
export function withoutDelivered(run: Run, page: Page, delivered: DeliveredMarks | undefined): Page {
  if (!delivered) return page
  const { markSalt } = run.registered.source
  return { ...page, items: page.items.filter(item => !isMarked(item, delivered, markSalt)) }
}
