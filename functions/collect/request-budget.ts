import { arrivalAfterRequest, type RateShare, rateWaitMs } from '../../shared/domain/stream/rate-budget.ts'
import type { Clock } from '../../shared/ports.ts'
import type { Lenders, Loan } from './lenders.ts'

/** How many requests a run may still make. A page that is fetched ahead spends of it meanwhile. */
export interface RequestBudget {
  /** Theoretical arrival time, epoch milliseconds. It is saved with every change of the task. */
  readonly arrivalMs: number
  /** Requests that this run has made. */
  readonly requests: number
  /** Milliseconds until the next request may go. */
  waitMs(): number
  /** Waits until a request may go, and counts it. */
  spend(signal?: AbortSignal): Promise<void>
}

interface BudgetParts {
  readonly share: RateShare
  /** The arrival time that the run before has saved. */
  readonly savedMs: number
  readonly lenders: Lenders
}

/**
 * Goes on from the arrival time that the run before has saved. If a quarter of a burst is used up, the run borrows of the other APIs
 * of its source.
 */
export function createRequestBudget(clock: Clock, { share, savedMs, lenders }: BudgetParts): RequestBudget {
  let arrivalMs = savedMs
  let requests = 0
  let loan: Loan | undefined
  const hasLoan = (): boolean => loan !== undefined && loan.requests > 0 && clock.now() < loan.untilMs
  const waitMs = (): number => (hasLoan() ? 0 : rateWaitMs(share, arrivalMs, clock.now()))

  /** A quarter of the burst is used up. What the others do not use meanwhile is lost, so the run does not wait longer. */
  const isShort = (): boolean => arrivalMs - clock.now() > share.burstMs / 4

  function spendLoan(): boolean {
    if (!loan || !hasLoan()) return false
    loan = { ...loan, requests: loan.requests - 1 }
    requests++
    return true
  }
  return {
    get arrivalMs() {
      return arrivalMs
    },
    get requests() {
      return requests
    },
    waitMs,
    async spend(signal) {
      if (spendLoan()) return
      if (isShort()) loan = await lenders.borrow()
      if (spendLoan()) return
      const ms = waitMs()
      if (ms > 0) await clock.sleep(ms, signal)
      requests++
      arrivalMs = arrivalAfterRequest(share, arrivalMs, clock.now())
    },
  }
}
