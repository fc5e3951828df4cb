import type { RawResource, Template } from 'aws-emulator'
import { PRICES } from './prices.ts'

/** USD a month for what stands in the account whether or not there is a source. */
export interface Fixed {
  readonly alarms: number
  readonly dashboards: number
  readonly metrics: number
  /** The access key's, and whatever else the template has. */
  readonly secrets: number
  readonly keys: number
  /** Finding out, every five minutes, that no task is due. */
  readonly ticks: number
}

interface AlarmProperties {
  readonly Metrics?: readonly { readonly MetricStat?: unknown }[]
}

/** An alarm on an expression is billed for each metric in it. */
function metricsOf({ Properties }: RawResource): number {
  const { Metrics = [] } = (Properties ?? {}) as AlarmProperties
  return Math.max(1, Metrics.filter(({ MetricStat }) => MetricStat).length)
}

/** `metrics`: how many custom metrics the functions were seen to send; `ticks`: USD a month. */
export function fixedOf(
  { Resources }: Template,
  { metrics, ticks }: { readonly metrics: number; readonly ticks: number },
): Fixed {
  const ofType = (type: string): RawResource[] => Object.values(Resources).filter(({ Type }) => Type === type)
  const { alarmMetric, metric, dashboard } = PRICES.cloudWatch
  const watched = ofType('AWS::CloudWatch::Alarm').reduce((total, alarm) => total + metricsOf(alarm), 0)
  return {
    alarms: watched * alarmMetric,
    dashboards: ofType('AWS::CloudWatch::Dashboard').length * dashboard,
    metrics: metrics * metric,
    secrets: ofType('AWS::SecretsManager::Secret').length * PRICES.secretsManager.secret,
    keys: ofType('AWS::KMS::Key').length * PRICES.kms.key,
    ticks,
  }
}
