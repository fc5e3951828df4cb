import { WALK_STUCK_MS } from '../../shared/contract/timing.ts'
import type { RunFailure } from '../../shared/domain/failure/failure.ts'
import { placeBeside } from '../../shared/domain/stream/object-key.ts'
import { resetChain } from '../../shared/domain/stream/reset.ts'
import { toUtcDate } from '../../shared/domain/stream/timestamp.ts'
import { cursorMark } from '../../shared/domain/stream/trail.ts'
import { changed, type TaskChange } from '../../shared/domain/task/task-change.ts'
import { LedBack } from './deliver.ts'
import { changeHealthAfterReset, changeHealthAfterWalk } from './health-changes.ts'
import { UnreadableRecord } from './object-record.ts'
import { computeMark } from './refused-place.ts'
import type { Run } from './run.ts'

/*
 * The next object has its place at the end of the ledger. Where that place is taken by an object that cannot be adopted,
 * a new chain begins before the last event, at the place beside it: nothing is lost, and the walk along the ledger drops
 * what was delivered.
 */

interface Obstacle {
  /** Recognises the obstacle in a later run. */
  readonly mark: string
  /** For so long it must be met, run after run. */
  readonly leastMs: number
  readonly failure: RunFailure
  readonly changeHealth: (reset: TaskChange) => TaskChange
}

function toObstacle(run: Run, error: unknown): Obstacle | undefined {
  const { task } = run.lease
  if (error instanceof LedBack) {
    const changeHealth = (reset: TaskChange) => changeHealthAfterReset(run, reset, error.message)
    return { mark: computeMark(task), leastMs: 0, failure: error.failure, changeHealth }
  }
  if (!(error instanceof UnreadableRecord)) return undefined
  const { key, failure } = error
  const why = 'it cannot be read: see its KMS key and the policy of the bucket'
  const changeHealth = (reset: TaskChange) =>
    changeHealthAfterWalk(run, { key, why, from: changed(task, reset).startTime })
  return { mark: cursorMark(`object ${key}`), leastMs: WALK_STUCK_MS, failure, changeHealth }
}

/**
 * Begins a new chain, at the place beside, if an earlier run has met the same obstacle, long enough ago. Otherwise notes
 * it and throws its failure. Throws every other error.
 */
export async function leavePlace(run: Run, error: unknown): Promise<void> {
  const obstacle = toObstacle(run, error)
  if (!obstacle) throw error
  const { lease, ports } = run
  const { mark, leastMs, failure, changeHealth } = obstacle
  const nowMs = ports.clock.now()
  const isKnown = lease.task.refusedPlace === mark
  if (!isKnown) await lease.save({ refusedPlace: mark, refusedMs: nowMs })
  if (!isKnown || nowMs - (lease.task.refusedMs ?? 0) < leastMs) throw failure
  const reset = {
    ...resetChain(lease.task, nowMs),
    place: placeBeside(lease.task),
    partition: toUtcDate(nowMs),
  }
  ports.log.warn('the place of the next object is taken, beginning anew from before the last event', {
    reason: failure.message,
  })
  await lease.save({ ...reset, ...changeHealth(reset) })
}
