import { HAND_OVER_RESERVE_MS, RESERVE_AHEAD_MS, RESERVE_MS, RULES_MS } from '../../shared/contract/timing.ts'
import type { RegisteredSource } from '../../shared/domain/source/source.ts'
import { toIsoTime } from '../../shared/domain/stream/timestamp.ts'
import type { CollectPorts, CollectSettings } from './collect-ports.ts'
import type { RunLease } from './lease.ts'
import type { RequestBudget } from './request-budget.ts'
import type { RunDestination } from './run-destination.ts'
import type { DescribeSource } from './source-description.ts'
import type { RunToken } from './token.ts'

/** One invocation of collect that has leased its task. What changes during it is in the lease, the budget and the token. */
export interface Run {
  readonly ports: CollectPorts
  readonly settings: CollectSettings
  /** Collector and source as they were when the run began. */
  readonly registered: RegisteredSource
  /** Epoch milliseconds at which the function is stopped. */
  readonly deadlineMs: number
  readonly lease: RunLease
  readonly budget: RequestBudget
  readonly token: RunToken
  readonly describeSource: DescribeSource
  /** Where events go beside the lake. Undefined if they go to the lake alone. */
  readonly destination: RunDestination | undefined
}

/** The time as tasks keep it. */
export const nowIso = ({ ports }: Pick<Run, 'ports'>): string => toIsoTime(ports.clock.now())

/** The user updated or restarted the source since this run read it: the next run is to begin anew. */
export const isOutdated = ({ lease, registered }: Run): boolean =>
  (lease.task.renewed ?? 0) > registered.source.version

/** Whether the source has processing rules. */
export const hasRules = ({ registered }: Pick<Run, 'registered'>): boolean =>
  (registered.source.filters ?? []).length > 0

/** Whether another request, with the time that the budget makes it wait, ends before the reserve is touched. */
export function hasTimeForRequest(run: Run, reserveMs = RESERVE_MS): boolean {
  const { ports, budget, deadlineMs, destination } = run
  const handOverMs = destination ? HAND_OVER_RESERVE_MS : 0
  const rulesMs = hasRules(run) ? RULES_MS : 0
  return ports.clock.now() + budget.waitMs() < deadlineMs - reserveMs - handOverMs - rulesMs
}

/** Whether pages become objects of the lake. */
export const hasLake = ({ registered: { collector } }: Run): boolean =>
  collector.destination.type === 'lake' || collector.destination.lake

/** The same for a page that is fetched while another one is delivered. */
export const hasTimeAhead = (run: Run): boolean => hasTimeForRequest(run, RESERVE_AHEAD_MS)
