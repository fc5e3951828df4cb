import type { RuleCounts } from '../../shared/domain/rule/rule-counts.ts'
import type { PageRecord } from '../../shared/domain/stream/page-record.ts'
import { endedWell } from '../../shared/domain/task/progress.ts'
import { changed, type TaskChange } from '../../shared/domain/task/task-change.ts'
import type { TaskHealth } from '../../shared/domain/task/task-health.ts'
import type { Delivery } from './deliver.ts'
import { handOver } from './hand-over.ts'
import { changeHealthAfterSuccess, healthAfterPage, healthAfterRestore } from './health-changes.ts'
import { nowIso, type Run } from './run.ts'

/** Is called with the record of each committed page. A page without items has none, but rules may have dropped its items. */
export type OnCommitted = (record: PageRecord | undefined, filtered?: RuleCounts) => void

interface RunEnding {
  readonly isDrained: boolean
  /** An uncommitted object may exist. */
  readonly mayHaveObject: boolean
  /** The health that is not saved yet. @default - as it was last saved */
  readonly health?: TaskHealth | undefined
}

/** Gives the lease back, after a run that went well. */
export function changeAtEnd(run: Run, { isDrained, mayHaveObject, health }: RunEnding): TaskChange {
  const now = nowIso(run)
  const end = endedWell(run.lease.task, now, isDrained, mayHaveObject)
  return { ...end, ...changeHealthAfterSuccess(run, now, isDrained, health) }
}

/** The health after the commit of a page. Undefined if it stays as it was. */
function computeHealth(run: Run, delivery: Delivery): TaskHealth | undefined {
  const now = nowIso(run)
  const health = healthAfterPage(run, delivery, now)
  return (delivery.adopted === 'restored' ? healthAfterRestore(run, health, now) : undefined) ?? health
}

/**
 * Hands the events of a page over, and then commits it. `last`: no page follows, so that the same write ends the run and
 * gives the lease back.
 */
export async function commit(
  run: Run,
  delivery: Delivery,
  { last }: { readonly last: boolean },
): Promise<void> {
  await handOver(run, delivery)
  const { lease, ports } = run
  const { change, nextCursor, record, isOutside } = delivery
  const isObject = record !== undefined && !isOutside
  const isMoved = nextCursor !== undefined && nextCursor !== lease.task.cursor
  const mayHaveObject = !isObject && lease.mayHaveUncommittedObject
  const health = computeHealth(run, delivery)
  const all = {
    ...change,
    ...(isMoved && { cursorSinceMs: ports.clock.now() }),
    ...(health && { health }),
    ...(last && changeAtEnd(run, { isDrained: true, mayHaveObject, health })),
    ...(delivery.isReadAgain && { overlap: changed(lease.task, change).overlap }),
  }
  await (isObject ? lease.saveObject(all) : lease.save(all))
  if (delivery.mayBeFollowed) lease.expectObject()
}
