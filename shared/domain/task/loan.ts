import { arrivalAfterLoan, loanWaitMs, type RateShare } from '../stream/rate-budget.ts'
import { all, equals, isAbsent, isStill } from './condition.ts'
import type { Transition } from './life.ts'
import { TASK_SCHEMA, type Task } from './task.ts'

/**
 * A run of another API of the same source borrows a part of this API's share of the requests. Only a task that no run has
 * leased can lend: a run keeps its own count. The fence rises, so that a write of an earlier run, which comes late, cannot
 * set the count back. Returns undefined if there is not enough left.
 */
export function lendRequests(read: Task, share: RateShare, nowMs: number): Transition | undefined {
  const arrivalMs = read.rateMs ?? 0
  if (read.leaseOwner !== undefined || loanWaitMs(share, arrivalMs, nowMs) > 0) return undefined
  return {
    name: 'lend',
    guard: all(
      equals('schema', TASK_SCHEMA),
      equals('fence', read.fence),
      isAbsent('leaseOwner'),
      isStill('rateMs', read.rateMs),
    ),
    update: { set: { rateMs: arrivalAfterLoan(share, arrivalMs, nowMs) }, fence: 'raised' },
  }
}
