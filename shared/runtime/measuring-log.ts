import type { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { METRICS, type Measured, type MeasuringFunction, type MetricName } from '../contract/metrics.ts'
import type { Log, LogMembers } from '../ports.ts'

type Measurement = readonly [name: MetricName, values: readonly number[]]

const isSent = ([name, values]: Measurement): boolean =>
  values.length > 1 || values.some(value => value !== 0) || (values.length === 1 && 'always' in METRICS[name])

/**
 * Returns the members that a log line needs in the embedded metric format. Returns none if there is nothing to send.
 */
function embedded(metrics: Metrics, measured: Measured): object {
  const sent = Object.entries(measured)
    .map(([name, values]) => [name as MetricName, [values].flat()] as const)
    .filter(isSent)
  if (sent.length === 0) return {}
  for (const [name, values] of sent) {
    for (const value of values) metrics.addMetric(name, METRICS[name].unit, value)
  }
  // The logger adds the service itself, and does not accept it a second time.
  const { service: _, ...members } = metrics.serializeMetrics()
  metrics.clearMetrics()
  return members
}

/**
 * The log of a function. A line with `metrics` holds the metrics itself, because another line would cost as much again.
 */
export function measuringLog(logger: Logger, serviceName: MeasuringFunction): Log {
  const metrics = new Metrics({ serviceName })
  const members = ({ metrics: measured = {}, ...others }: LogMembers) => ({
    ...others,
    ...embedded(metrics, measured),
  })
  return {
    debug: (message, extra) => logger.debug(message, members(extra)),
    info: (message, extra) => logger.info(message, members(extra)),
    warn: (message, extra) => logger.warn(message, members(extra)),
    error: (message, extra) => logger.error(message, members(extra)),
  }
}
