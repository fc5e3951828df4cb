import { REQUEST_BYTES } from './assumptions.ts'
import type { Month } from './month.ts'
import { PRICES } from './prices.ts'
import type { TemplateFacts } from './template-facts.ts'
import { sum } from './usage.ts'

const GB = 1024 ** 3

/** USD a month by service. */
export interface Bill {
  readonly lambda: number
  readonly dynamodb: number
  readonly s3: number
  readonly eventBridge: number
  readonly secretsManager: number
  readonly cloudWatchLogs: number
  readonly dataTransfer: number
  /** Always 0, like the next two: these services are used only when something fails. */
  readonly stepFunctions: number
  readonly sns: number
  readonly sqs: number
}

/** USD a month that the stack costs even without any source. */
export interface FixedCosts {
  readonly alarms: number
  readonly dashboards: number
  readonly metrics: number
  /** The access key, and any other secret in the template. */
  readonly secrets: number
  readonly keys: number
  /** The ticks. There is one every five minutes, even if no task is due. */
  readonly ticks: number
}

/** Prices all that runs in a month. Events and log lines are stored for the whole month. */
export function priceMonth({ sources, collect, dispatch, gbSeconds, tableBytes }: Month): Bill {
  const all = sum(collect.usage, dispatch.usage)
  const { lambda, dynamodb, s3, eventBridge, secretsManager, logs, dataTransfer } = PRICES
  return {
    lambda: all.invocations * lambda.request + gbSeconds * lambda.gbSecondArm,
    dynamodb:
      all.writeUnits * dynamodb.writeUnit +
      all.readUnits * dynamodb.readUnit +
      (tableBytes / GB) * (dynamodb.storedGb + dynamodb.recoverableGb),
    s3: all.objectPuts * s3.put + all.objectReads * s3.get + (all.objectBytes / GB) * s3.storedGb,
    eventBridge: all.busEvents * eventBridge.event,
    secretsManager: sources * secretsManager.secret + all.secretCalls * secretsManager.call,
    cloudWatchLogs: (all.logBytes / GB) * (logs.ingestedGb + logs.storedGb),
    dataTransfer: ((all.apiRequests * REQUEST_BYTES) / GB) * dataTransfer.outGb,
    stepFunctions: 0,
    sns: 0,
    sqs: 0,
  }
}

/** Returns what the sources of a month cost, beyond what the same month costs without any. */
export function priceSources(month: Month, monthWithoutSources: Month): Bill {
  const [all, none] = [priceMonth(month), priceMonth(monthWithoutSources)]
  const services = Object.keys(all) as (keyof Bill)[]
  const amounts = services.map(service => [service, all[service] - none[service]])
  return Object.fromEntries(amounts) as Record<keyof Bill, number>
}

interface FixedUsage {
  /** How many custom metrics the functions were seen to send. */
  readonly metrics: number
  /** USD a month. */
  readonly ticks: number
}

/** Prices what the stack costs even if no source exists. */
export function priceFixed(
  {
    alarmMetrics,
    dashboards,
    secrets,
    keys,
  }: Pick<TemplateFacts, 'alarmMetrics' | 'dashboards' | 'secrets' | 'keys'>,
  { metrics, ticks }: FixedUsage,
): FixedCosts {
  const { alarmMetric, metric, dashboard } = PRICES.cloudWatch
  return {
    alarms: alarmMetrics * alarmMetric,
    dashboards: dashboards * dashboard,
    metrics: metrics * metric,
    secrets: secrets * PRICES.secretsManager.secret,
    keys: keys * PRICES.kms.key,
    ticks,
  }
}

/** Sums amounts of a bill, in USD. */
export const total = (amounts: Bill | FixedCosts): number =>
  Object.values(amounts).reduce((sum: number, amount: number) => sum + amount, 0)
