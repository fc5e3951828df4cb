import { REQUESTS_PER_MINUTE } from '../../../shared/contract/limits.ts'
import { DISPATCH_TIMEOUT_SECONDS, TICK_MINUTES } from '../../../shared/contract/timing.ts'
import { type Month, type Scenario, TICKS_PER_MONTH } from './month.ts'

/** A limit of an AWS account (us-east-1) or of the system, and how much of it is needed. */
export interface Quota {
  readonly name: string
  readonly needed: number
  readonly limit: number
  /** What to do if it is not enough. */
  readonly remedy: string
}

/** A peak is twice the average: events do not leave dispatch quite evenly, and 1Password is slow at times. */
const PEAK = 2

const RAISE = 'raise it in Service Quotas'
const SPLIT = 'cannot be raised: divide the sources between stacks'

/** DynamoDB's limit of consistent reads of one item. An item is in one partition, so this limit cannot be raised. */
const ITEM_READS = 3_000

/** Every run reads its collector. A run that delivers events also reads the schema of fields. */
function hotItemQuotas({ collect: { usage } }: Month, runs: number): Quota[] {
  const delivering = Math.min(1, usage.objectPuts / usage.invocations)
  return [
    {
      name: 'DynamoDB: reads a second of a collector with all sources',
      needed: runs,
      limit: ITEM_READS,
      remedy: 'divide the sources between collectors',
    },
    {
      name: 'DynamoDB: reads a second of the field schema',
      needed: runs * delivering,
      limit: ITEM_READS,
      remedy: 'divide the sources between stacks, unless few of them have fields',
    },
  ]
}

/** Returns what the runs of one tick need. */
function runQuotas(month: Month): Quota[] {
  const { tasks, collect, spreadMs, tokenMisses } = month
  const runs = Math.min(tasks, (PEAK * tasks * 1000) / spreadMs)
  const environments = Math.min(tasks, PEAK * collect.environments)
  const writes = (collect.usage.writeUnits / collect.usage.invocations) * runs
  const warm = 'set warm throughput, or begin with fewer sources: it doubles within half an hour'
  const [lambda, invoked] = ['Lambda: concurrent executions', 'EventBridge: invocations a second']
  return [
    { name: lambda, needed: environments, limit: 1_000, remedy: RAISE },
    { name: `${lambda}, new account`, needed: environments, limit: 10, remedy: RAISE },
    { name: invoked, needed: runs, limit: 18_750, remedy: 'slower, not lost; raise it in Service Quotas' },
    {
      name: 'Secrets Manager: tokens read a second',
      needed: runs * tokenMisses,
      limit: 10_000,
      remedy: SPLIT,
    },
    { name: 'DynamoDB: write units a second of a new table', needed: writes, limit: 4_000, remedy: warm },
    ...hotItemQuotas(month, runs),
  ]
}

function dispatchQuotas({ dispatch, spreadMs }: Month): Quota[] {
  const calls = dispatch.usage.busCalls / TICKS_PER_MONTH
  const puts = Math.min(calls, (PEAK * calls * 1000) / spreadMs)
  return [
    { name: 'EventBridge: PutEvents calls a second', needed: puts, limit: 10_000, remedy: RAISE },
    {
      name: 'Seconds that dispatch takes',
      needed: dispatch.runMs / 1000,
      limit: DISPATCH_TIMEOUT_SECONDS,
      remedy: SPLIT,
    },
  ]
}

/** Returns what all sources together need at the peak of a tick. */
export function computeQuotas({ sources, apis }: Scenario, month: Month): Quota[] {
  const { apiRequests, invocations } = month.collect.usage
  const secrets = 'Secrets Manager: secrets'
  return [
    ...runQuotas(month),
    ...dispatchQuotas(month),
    { name: secrets, needed: sources + 1, limit: 500_000, remedy: RAISE },
    {
      name: '1Password: requests a minute of one source',
      needed: ((apiRequests / invocations) * apis) / TICK_MINUTES,
      limit: REQUESTS_PER_MINUTE,
      remedy: 'the source falls behind; 1Password sets it',
    },
  ]
}

/** Above four fifths of a limit there is no room for an hour that is busier than the average. */
export const isShort = ({ needed, limit }: Quota): boolean => needed > 0.8 * limit
