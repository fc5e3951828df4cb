import { type IMetric, MathExpression, Metric, SingleValueWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import type { Construct } from 'constructs'
import { ownMetric, PERIOD } from './own-metrics.ts'

/**
 * List prices in USD, us-east-1. They are the prices of `npm run cost`; a test compares the two. A GB of logs is
 * 1024^3 bytes.
 */
export const LIST_PRICES = {
  lambdaRequest: 0.2e-6,
  lambdaGbSecond: 0.0000133334,
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  put: 0.005 / 1000,
  event: 1e-6,
  logGb: 0.5,
} as const

/**
 * The resources that every collection uses. Metric math returns nothing for a sum if one of its metrics was never
 * sent, so no other resource is in it.
 */
interface BilledResources {
  readonly collect: NodejsFunction
  readonly dispatch: NodejsFunction
  readonly tasks: TableV2
  readonly registry: TableV2
}

const SUM = { period: PERIOD, statistic: Stats.SUM }

interface Sum {
  readonly expression: string
  readonly usingMetrics: Record<string, IMetric>
}

/** Writes a price without an exponent, because metric math reads the e of 2e-7 as the name of a metric. */
const decimal = (price: number): string => price.toFixed(15)

/** Adds up the terms. A metric counts as zero while it is not sent. */
function addUp(terms: readonly (readonly [id: string, metric: IMetric, price: number])[]): Sum {
  return {
    expression: terms.map(([id, , price]) => `FILL(${id}, 0) * ${decimal(price)}`).join(' + '),
    usingMetrics: Object.fromEntries(terms.map(([id, metric]) => [id, metric])),
  }
}

function memoryGb(billed: NodejsFunction): number {
  const { defaultChild } = billed.node
  if (defaultChild instanceof CfnFunction) return (defaultChild.memorySize ?? 128) / 1024
  throw new Error(`${billed.node.path} has no function of CloudFormation`)
}

type Term = Parameters<typeof addUp>[0][number]

const runTerms = (id: string, billed: NodejsFunction): readonly Term[] => [
  [`${id}Calls`, billed.metricInvocations(SUM), LIST_PRICES.lambdaRequest],
  [`${id}Time`, billed.metricDuration(SUM), (memoryGb(billed) * LIST_PRICES.lambdaGbSecond) / 1000],
]

const tableSum = ({ tasks, registry }: BilledResources): Sum =>
  addUp([
    ['writes', tasks.metricConsumedWriteCapacityUnits(SUM), LIST_PRICES.writeUnit],
    ['reads', tasks.metricConsumedReadCapacityUnits(SUM), LIST_PRICES.readUnit],
    ['registryReads', registry.metricConsumedReadCapacityUnits(SUM), LIST_PRICES.readUnit],
  ])

function logTerm(id: string, { logGroup }: NodejsFunction): Term {
  const dimensionsMap = { LogGroupName: logGroup.logGroupName }
  const bytes = new Metric({ namespace: 'AWS/Logs', metricName: 'IncomingBytes', dimensionsMap, ...SUM })
  return [id, bytes, LIST_PRICES.logGb / 1024 ** 3]
}

/**
 * Shows what collecting cost in the time range of the dashboard. It can use only AWS's free metrics and our own
 * metrics.
 */
export function costWidget(scope: Construct, billed: BilledResources): SingleValueWidget {
  const { collect, dispatch } = billed
  const parts = {
    Lambda: addUp([...runTerms('collect', collect), ...runTerms('dispatch', dispatch)]),
    DynamoDB: tableSum(billed),
    S3: addUp([['pages', ownMetric(scope, 'pages', Stats.SUM), LIST_PRICES.put]]),
    // Nearly every event on the bus invokes collect.
    EventBridge: addUp([['events', collect.metricInvocations(SUM), LIST_PRICES.event]]),
    Logs: addUp([logTerm('collectLogs', collect), logTerm('dispatchLogs', dispatch)]),
  }
  return new SingleValueWidget({
    title:
      'Cost of collecting in the time shown: USD at list prices of us-east-1, without the fixed cost (see above)',
    width: 24,
    height: 3,
    setPeriodToTimeRange: true,
    metrics: Object.entries(parts).map(
      ([label, sum]) => new MathExpression({ ...sum, label, period: PERIOD }),
    ),
  })
}
