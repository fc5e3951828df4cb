import type { RunReport } from '../../shared/contract/log-messages.ts'
import type { Measured, MetricName } from '../../shared/contract/metrics.ts'
import type { RetryAnswer, RetryRequest } from '../../shared/contract/retry.ts'
import type { FaultType } from '../../shared/domain/failure/classification.ts'

const FAILURES: Readonly<Record<FaultType, MetricName>> = {
  ThirdPartyConfig: 'failuresThirdPartyConfig',
  ThirdPartyGeneric: 'failuresThirdPartyGeneric',
  FirstPartyGeneric: 'failuresFirstPartyGeneric',
}

/** What a run adds to the metrics. */
export const runMetrics = ({
  events,
  pages,
  lateEvents,
  unreadable,
  dropped,
  changed,
  error,
  ...counts
}: RunReport): Measured => ({
  events,
  pages,
  lateEvents,
  ...(unreadable && { unreadable }),
  ...(counts.handedOver && { handedOver: counts.handedOver }),
  ...(counts.handedOverAgain && { handedOverAgain: counts.handedOverAgain }),
  ...(counts.refused && { handOverRefused: counts.refused }),
  ...(dropped && { eventsDropped: dropped }),
  ...(changed && { eventsChanged: changed }),
  ...(error && { [FAILURES[error.type as FaultType]]: 1 }),
})

/** What a step of the retry state machine adds to the metrics. */
export const stepMetrics = ({ step }: RetryRequest, { outcome }: RetryAnswer): Measured => ({
  retries: step === 'collect' ? 1 : 0,
  quits: outcome === 'quit' ? 1 : 0,
})
