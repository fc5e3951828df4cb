import type { TickReport } from '../../shared/contract/log-messages.ts'
import type { Measured } from '../../shared/contract/metrics.ts'
import { nameFailures } from '../../shared/domain/failure/combined-failure.ts'
import type { TickCounts } from '../../shared/domain/tick/tick-part.ts'
import type { Bus, Ticks } from '../../shared/ports.ts'
import type { PagePorts } from './page-work.ts'

export interface DispatchPorts extends PagePorts {
  readonly ticks: Ticks
  readonly bus: Pick<Bus, 'publishDue' | 'publishHealth' | 'publishOpened' | 'publishSegments'>
}

export interface Tick extends TickReport {
  readonly metrics: Measured
}

/** Something that a tick of a large table says, beside its end. */
export interface TickNote {
  readonly message: string
  /** The tick that the note is about. RFC 3339. */
  readonly tick: string
  /** How many segments of the table are left. */
  readonly segmentsLeft: number
  readonly metrics?: Measured
}

export interface TickOptions {
  /** Is called once for each tick, by the invocation that finishes it. */
  readonly onEnd?: (tick: Tick) => void
  readonly onNote?: (note: TickNote) => void
  /** How often a task that waits for its user is looked at. @default - never */
  readonly quietLookMs?: number
  /** The time of the schedule's event. It names the tick. @default - now */
  readonly tickMs?: number
}

function countOverdueWork({
  leaseExpired,
  claimMissing,
  executionLost,
  episodeOverdue,
}: TickCounts): Measured {
  const overdueWork = leaseExpired + claimMissing + executionLost + episodeOverdue
  return { leaseExpired, claimMissing, executionLost, episodeOverdue, overdueWork }
}

export const createTick = (counts: TickCounts, census: Measured, durationMs: number): Tick => ({
  ...counts,
  durationMs,
  metrics: { ...census, ...countOverdueWork(counts) },
})

/** Throws one error that names what failed, if something did. */
export function throwUndone(failures: readonly unknown[]): void {
  if (failures.length === 0) return
  const message = `not all was done, the next tick tries again: ${nameFailures(failures)}`
  throw new AggregateError(failures, message)
}
