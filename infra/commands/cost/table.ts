import { textTable } from '../../local/text-table.ts'
import { CALL_MS, ENVIRONMENT_HOURS, INIT_MS, OWN_MS, REQUEST_BYTES } from './assumptions.ts'
import { type Bill, totalOf } from './bill.ts'
import type { Estimate } from './estimate.ts'
import type { Fixed } from './fixed.ts'
import type { Month } from './month.ts'
import { PRICES } from './prices.ts'
import { isShort, type Quota } from './quotas.ts'
import { sum } from './usage.ts'

const count = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 })

/** Cents do not matter beside thousands. */
const usd = (amount: number, total: number): string => {
  const digits = total < 100 ? 4 : 2
  return amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

const MB = 1024 ** 2

const size = (bytes: number): string =>
  bytes < 1024 * MB ? `${count(bytes / MB)} MB` : `${count(bytes / MB / 1024)} GB`

type Details = Readonly<Record<keyof Bill, string>>

function detailsOf({ collect, dispatch }: Month, sources: number): Details {
  const all = sum(collect.usage, dispatch.usage)
  return {
    lambda: `${count(collect.usage.invocations)} runs of ${count(collect.runMs)} ms, ${count(dispatch.usage.invocations)} ticks of ${count(dispatch.runMs)} ms`,
    dynamodb: `${count(all.writeUnits)} write units, ${count(all.readUnits)} read units`,
    s3: `${count(all.objectPuts)} puts, ${size(all.objectBytes)}`,
    eventBridge: `${count(all.busEvents)} events`,
    secretsManager: `${count(sources)} ${sources === 1 ? 'secret' : 'secrets'}, ${count(all.secretCalls)} calls`,
    cloudWatchLogs: size(all.logBytes),
    dataTransfer: `${count(all.apiRequests)} requests to 1Password`,
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

const FIXED_NAMES: Readonly<Record<keyof Fixed, string>> = {
  alarms: 'alarms',
  dashboards: 'dashboards',
  metrics: 'metrics',
  secrets: 'the access key',
  keys: 'keys',
  ticks: 'ticks without tasks',
}

function billText({ bill, month, scenario }: Estimate): string {
  const details = detailsOf(month, scenario.sources)
  const total = totalOf({ ...bill })
  const services = (Object.keys(bill) as (keyof Bill)[]).filter(service => bill[service] > 0)
  const rows = services.map(service => [NAMES[service], usd(bill[service], total), details[service]])
  return textTable([...rows, ['Total', usd(total, total), 'USD a month']], new Set([1]))
}

/** Ticks are hardly anything, and are told by themselves: whoever counts them to the sources sees what that makes. */
function fixedText({ fixed, bill }: Estimate): string {
  const parts = (Object.keys(fixed) as (keyof Fixed)[]).filter(part => fixed[part] > 0)
  const named = parts.map(part => `${FIXED_NAMES[part]} ${fixed[part].toFixed(part === 'ticks' ? 4 : 2)}`)
  const total = totalOf({ ...bill })
  return [
    `Without any source the stack costs ${totalOf({ ...fixed }).toFixed(2)} a month: ${named.join(', ')}.`,
    `One tick serves all sources, so the total leaves ticks out; with them it is ${usd(total + fixed.ticks, total)}.`,
  ].join('\n')
}

const quotaRow = (quota: Quota): string[] => [
  quota.name,
  count(quota.needed),
  count(quota.limit),
  isShort(quota) ? quota.remedy : 'enough',
]

function quotasText(quotas: readonly Quota[]): string {
  if (!quotas.some(isShort)) return 'No limit of an AWS account has to be raised.'
  return textTable([['Limit', 'needed', 'there is', ''], ...quotas.map(quotaRow)], new Set([1, 2]))
}

const basisText = ({ writtenBytes }: Estimate): string =>
  [
    `Calls are counted on this machine. Prices: ${PRICES.region}, ${PRICES.date}, without the free tier (infra/commands/cost/prices.ts).`,
    `The largest item written has ${count(writtenBytes)} bytes; above 1,024 each write costs two units.`,
    `Assumed: a run waits ${CALL_MS.apiRequests} ms for 1Password, ${CALL_MS.tableCalls} ms for a table, ${CALL_MS.objectPuts} ms for S3, ${CALL_MS.secretCalls} ms for a secret, and`,
    `computes ${OWN_MS.collect} ms; a new environment every ${ENVIRONMENT_HOURS} hours takes ${INIT_MS} ms; a request to 1Password sends ${count(REQUEST_BYTES)} bytes.`,
  ].join('\n')

/** The estimate for people. */
export function tableOf(estimated: Estimate): string {
  const { sources, apis, eventsPerDay } = estimated.scenario
  const title = `${count(sources)} ${sources === 1 ? 'source' : 'sources'}, ${apis} ${apis === 1 ? 'API' : 'APIs'} each, ${count(eventsPerDay)} events a day of each API`
  const { quotas } = estimated
  return [title, billText(estimated), fixedText(estimated), quotasText(quotas), basisText(estimated)].join(
    '\n\n',
  )
}
