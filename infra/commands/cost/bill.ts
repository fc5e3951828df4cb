import { ITEM_OVERHEAD_BYTES, REQUEST_BYTES, SOURCE_BYTES } from './assumptions.ts'
import type { Functions } from './functions.ts'
import { type Month, monthOf, type Scenario } from './month.ts'
import { PRICES } from './prices.ts'
import type { Rates } from './rates.ts'
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
  /** They work only in trouble. */
  readonly stepFunctions: number
  readonly sns: number
  readonly sqs: number
}

function lambda({ collect, dispatch }: Month, { memoryMb }: Functions): number {
  const { request, gbSecondArm } = PRICES.lambda
  const gbSeconds =
    (collect.milliseconds * memoryMb.collect + dispatch.milliseconds * memoryMb.dispatch) / 1000 / 1024
  return (collect.usage.invocations + dispatch.usage.invocations) * request + gbSeconds * gbSecondArm
}

function tables({ sources }: Scenario, { tasks, collect, dispatch }: Month, { taskBytes }: Rates): number {
  const { writeUnit, readUnit, storedGb, recoverableGb } = PRICES.dynamodb
  const { writeUnits, readUnits } = sum(collect.usage, dispatch.usage)
  const bytes = sources * SOURCE_BYTES + tasks * (taskBytes + ITEM_OVERHEAD_BYTES)
  return writeUnits * writeUnit + readUnits * readUnit + (bytes / GB) * (storedGb + recoverableGb)
}

/** Of all that runs. Events and log lines of the month are stored for the whole of it. */
function whole(scenario: Scenario, rates: Rates, functions: Functions): Bill {
  const month = monthOf(scenario, rates, functions)
  const all = sum(month.collect.usage, month.dispatch.usage)
  const { s3, eventBridge, secretsManager, logs, dataTransfer } = PRICES
  return {
    lambda: lambda(month, functions),
    dynamodb: tables(scenario, month, rates),
    s3: all.objectPuts * s3.put + all.objectReads * s3.get + (all.objectBytes / GB) * s3.storedGb,
    eventBridge: all.busEvents * eventBridge.event,
    secretsManager: scenario.sources * secretsManager.secret + all.secretCalls * secretsManager.call,
    cloudWatchLogs: (all.logBytes / GB) * (logs.ingestedGb + logs.storedGb),
    dataTransfer: ((all.apiRequests * REQUEST_BYTES) / GB) * dataTransfer.outGb,
    stepFunctions: 0,
    sns: 0,
    sqs: 0,
  }
}

const NO_SOURCE: Scenario = { sources: 0, apis: 0, eventsPerDay: 0 }

/** What the ticks alone cost in a month: there is one every five minutes, whether or not there is a source. */
export const idleBill = (rates: Rates, functions: Functions): Bill => whole(NO_SOURCE, rates, functions)

/** What the sources cost in a month, beyond what there is without any. */
export function billOf(scenario: Scenario, rates: Rates, functions: Functions): Bill {
  const [all, none] = [whole(scenario, rates, functions), idleBill(rates, functions)]
  const services = Object.keys(all) as (keyof Bill)[]
  return Object.fromEntries(services.map(service => [service, all[service] - none[service]])) as Record<
    keyof Bill,
    number
  >
}

export const totalOf = (amounts: Readonly<Record<string, number>>): number =>
  Object.values(amounts).reduce((total, amount) => total + amount, 0)
