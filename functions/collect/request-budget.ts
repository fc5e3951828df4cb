import { arrivalAfterRequest, type RateShare, rateWaitMs } from '../../shared/domain/stream/rate-budget.ts'
import type { Clock } from '../../shared/ports.ts'

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

/** Goes on from the arrival time that the run before has saved. */
export function createRequestBudget(clock: Clock, share: RateShare, savedMs: number): RequestBudget {
  let arrivalMs = savedMs
  let requests = 0
  const waitMs = (): number => rateWaitMs(share, arrivalMs, clock.now())
  return {
    get arrivalMs() {
      return arrivalMs
    },
    get requests() {
      return requests
    },
    waitMs,
    async spend(signal) {
      const ms = waitMs()
      if (ms > 0) await clock.sleep(ms, signal)
      requests++
      arrivalMs = arrivalAfterRequest(share, arrivalMs, clock.now())
    },
  }
}
