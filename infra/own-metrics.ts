import { Duration, Stack } from 'aws-cdk-lib'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import { METRICS, type MetricName } from '../shared/contract/metrics.ts'
import { TICK_MINUTES } from '../shared/contract/timing.ts'

/** The time between two ticks, so a period has one value of each metric of dispatch. */
export const PERIOD = Duration.minutes(TICK_MINUTES)

/** The name of the stack, so that two stacks in one account do not share their metrics. */
export const metricsNamespace = (scope: Construct): string => Stack.of(scope).stackName

/** A metric that the functions send. */
export const ownMetric = (scope: Construct, name: MetricName, statistic: string): Metric =>
  new Metric({
    namespace: metricsNamespace(scope),
    metricName: name,
    dimensionsMap: { service: METRICS[name].service },
    statistic,
    period: PERIOD,
  })
