import { createFailure } from '../../shared/domain/failure/failure.ts'
import type { Page } from '../../shared/domain/stream/page.ts'
import { mostRequestsWithoutEvent, rateShare } from '../../shared/domain/stream/rate-budget.ts'
import { cursorMark, findRepetition } from '../../shared/domain/stream/trail.ts'
import type { Run } from './run.ts'

/** Checks that the pages of a run lead on. */
export interface Advance {
  /** To be called before a page is delivered. Throws RunFailure if it has events and leads back. */
  check(page: Page): void
  /** To be called after a page was committed. Throws RunFailure after too many requests without an event. */
  requireEvents(): void
}

export function createAdvance({ lease, budget, registered }: Run): Advance {
  const most = mostRequestsWithoutEvent(rateShare(registered.source.apis.length))
  /** Marks of the cursors that this run has asked with. It makes some thousand requests at most. */
  const followed = new Set<string>()
  let { chain } = lease.task
  let requestsBefore = 0
  return {
    check({ cursor: next, items, unreadable = [] }) {
      const { cursor } = lease.task
      // A new chain may be given the same cursors once more.
      if (chain !== lease.task.chain) followed.clear()
      chain = lease.task.chain
      if (items.length > 0 || unreadable.length > 0) {
        const when = findRepetition(lease.task, followed, next)
        if (when) throw createFailure({ kind: 'cursor-repeated', when })
        requestsBefore = budget.requests
      }
      if (cursor !== undefined) followed.add(cursorMark(cursor))
    },
    requireEvents() {
      const requests = budget.requests - requestsBefore
      if (requests >= most) throw createFailure({ kind: 'no-events', requests })
    },
  }
}
