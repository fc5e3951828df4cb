import type { Api } from '../../shared/contract/apis.ts'
import { loggableError } from '../../shared/domain/failure/loggable-error.ts'
import { LOAN, loanWaitMs, type RateShare } from '../../shared/domain/stream/rate-budget.ts'
import { lendRequests } from '../../shared/domain/task/loan.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { CollectPorts } from './collect-ports.ts'

/** Requests of another API's share that a run may make until a time, in epoch milliseconds. */
export interface Loan {
  readonly requests: number
  readonly untilMs: number
}

/** The other APIs of the source, which may lend a part of their shares. */
export interface Lenders {
  /** Returns undefined if none of them can lend now. */
  borrow(): Promise<Loan | undefined>
}

type LenderPorts = Pick<CollectPorts, 'clock' | 'log' | 'tasks'>

interface Lender {
  readonly api: Api
  task: Task | undefined
  /** It is not asked before this time. Epoch milliseconds. */
  askMs: number
}

/** An API whose own run uses its share, or that somebody else changes, is asked again after this time. */
const BUSY_MS = 10_000

/** The one that has used the least is asked first. */
const readyMs = ({ task }: Lender): number => task?.rateMs ?? 0

/** The lenders of a source. They are read only when a run has used much of its own share. */
export function createLenders(
  { clock, log, tasks }: LenderPorts,
  {
    sourceId,
    apis,
    share,
  }: { readonly sourceId: number; readonly apis: readonly Api[]; readonly share: RateShare },
): Lenders {
  const lenders = apis.map((api): Lender => ({ api, task: undefined, askMs: 0 }))

  async function ask(lender: Lender): Promise<Loan | undefined> {
    const nowMs = clock.now()
    const task = lender.task ?? (await tasks.read({ sourceId, api: lender.api }))
    const lending = task && lendRequests(task, share, nowMs)
    const lent = lending && (await tasks.apply(task, lending))
    const isBusy = !task || task.leaseOwner !== undefined || (lending && !lent)
    lender.task = isBusy ? undefined : (lent?.after ?? task)
    lender.askMs = nowMs + (isBusy ? BUSY_MS : loanWaitMs(share, lender.task?.rateMs ?? 0, nowMs))
    return lent && { requests: LOAN.requests, untilMs: nowMs + LOAN.timeMs }
  }

  return {
    async borrow() {
      const ready = lenders.filter(({ askMs }) => askMs <= clock.now())
      for (const lender of ready.toSorted((a, b) => readyMs(a) - readyMs(b))) {
        try {
          const loan = await ask(lender)
          if (loan) return loan
        } catch (error) {
          // Without a loan the run waits for its own share.
          lender.askMs = clock.now() + BUSY_MS
          log.warn('another API could not lend requests', {
            sourceId,
            api: lender.api,
            error: loggableError(error),
          })
        }
      }
      return undefined
    },
  }
}
