import { formatTable } from '../../local/text-table.ts'
import { CALL_MS, CPU_MS, ENVIRONMENT_HOURS, INIT_MS, REQUEST_BYTES } from './assumptions.ts'
import { type Bill, type FixedCosts, total } from './bill.ts'
import type { Estimate } from './estimate.ts'
import type { Month } from './month.ts'
import { PRICES } from './prices.ts'
import { isShort, type Quota } from './quotas.ts'
import { sum } from './usage.ts'

const formatCount = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 })

/** Fractions of a cent matter in a small bill only. */
const formatUsd = (amount: number, billTotal: number): string => {
  const digits = billTotal < 100 ? 4 : 2
  return amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

const MB = 1024 ** 2

const formatSize = (bytes: number): string =>
  bytes < 1024 * MB ? `${formatCount(bytes / MB)} MB` : `${formatCount(bytes / MB / 1024)} GB`

type Details = Readonly<Record<keyof Bill, string>>

function describeServices({ collect, dispatch }: Month, sources: number): Details {
  const all = sum(collect.usage, dispatch.usage)
  return {
    lambda: `${formatCount(collect.usage.invocations)} runs of ${formatCount(collect.runMs)} ms, ${formatCount(dispatch.usage.invocations)} ticks of ${formatCount(dispatch.runMs)} ms`,
    dynamodb: `${formatCount(all.writeUnits)} write units, ${formatCount(all.readUnits)} read units`,
    s3: `${formatCount(all.objectPuts)} puts, ${formatSize(all.objectBytes)}`,
    eventBridge: `${formatCount(all.busEvents)} events`,
    secretsManager: `${formatCount(sources)} ${sources === 1 ? 'secret' : 'secrets'}, ${formatCount(all.secretCalls)} calls`,
    cloudWatchLogs: formatSize(all.logBytes),
    dataTransfer: `${formatCount(all.apiRequests)} requests to 1Password`,
    stepFunctions: 'in trouble only',
    sns: 'in trouble only',
    sqs: 'in trouble only',
  }
}

const NAMES: Readonly<Record<keyof Bill, string>> = {
  lambda: 'Lambda',
  dynamodb: 'DynamoDB',
  s3: 'S3',
  eventBridge: 'EventBridge',
  secretsManager: 'Secrets Manager',
  cloudWatchLogs: 'CloudWatch Logs',
  dataTransfer: 'Data transfer',
  stepFunctions: 'Step Functions',
  sns: 'SNS',
  sqs: 'SQS',
}

const FIXED_NAMES: Readonly<Record<keyof FixedCosts, string>> = {
  alarms: 'alarms',
  dashboards: 'dashboards',
  metrics: 'metrics',
  secrets: 'the access key',
  keys: 'keys',
  ticks: 'ticks without tasks',
}

function formatBill({ bill, month, scenario }: Estimate): string {
  const details = describeServices(month, scenario.sources)
  const billTotal = total(bill)
  const services = (Object.keys(bill) as (keyof Bill)[]).filter(service => bill[service] > 0)
  const rows = services.map(service => [
    NAMES[service],
    formatUsd(bill[service], billTotal),
    details[service],
  ])
  return formatTable([...rows, ['Total', formatUsd(billTotal, billTotal), 'USD a month']], new Set([1]))
}

/** Ticks cost very little. They are shown by themselves, with the total that includes them. */
function formatFixed({ fixed, bill }: Estimate): string {
  const parts = (Object.keys(fixed) as (keyof FixedCosts)[]).filter(part => fixed[part] > 0)
  const named = parts.map(part => `${FIXED_NAMES[part]} ${fixed[part].toFixed(part === 'ticks' ? 4 : 2)}`)
  const billTotal = total(bill)
  return [
    `Without any source the stack costs ${total(fixed).toFixed(2)} a month: ${named.join(', ')}.`,
    `One tick serves all sources, so the total leaves ticks out; with them it is ${formatUsd(billTotal + fixed.ticks, billTotal)}.`,
  ].join('\n')
}

const quotaRow = (quota: Quota): string[] => [
  quota.name,
  formatCount(quota.needed),
  formatCount(quota.limit),
  isShort(quota) ? quota.remedy : 'enough',
]

function formatQuotas(quotas: readonly Quota[]): string {
  if (!quotas.some(isShort)) return 'No limit of an AWS account has to be raised.'
  return formatTable([['Limit', 'needed', 'there is', ''], ...quotas.map(quotaRow)], new Set([1, 2]))
}

const formatBasis = ({ writtenBytes }: Estimate): string =>
  [
    `Calls are counted on this machine. Prices: ${PRICES.region}, ${PRICES.date}, without the free tier (infra/commands/cost/prices.ts).`,
    `The largest item written has ${formatCount(writtenBytes)} bytes; above 1,024 each write costs two units.`,
    `Assumed: a run waits ${CALL_MS.apiRequests} ms for 1Password, ${CALL_MS.tableCalls} ms for a table, ${CALL_MS.objectPuts} ms for S3, ${CALL_MS.secretCalls} ms for a secret, and`,
    `computes ${CPU_MS.run} ms of a whole core; a new environment every ${ENVIRONMENT_HOURS} hours takes ${INIT_MS} ms; a request to 1Password sends ${formatCount(REQUEST_BYTES)} bytes.`,
  ].join('\n')

/** Writes the estimate for people. */
export function formatEstimate(estimate: Estimate): string {
  const { sources, apis, eventsPerDay } = estimate.scenario
  const title = `${formatCount(sources)} ${sources === 1 ? 'source' : 'sources'}, ${apis} ${apis === 1 ? 'API' : 'APIs'} each, ${formatCount(eventsPerDay)} events a day of each API`
  const { quotas } = estimate
  return [
    title,
    formatBill(estimate),
    formatFixed(estimate),
    formatQuotas(quotas),
    formatBasis(estimate),
  ].join('\n\n')
}
