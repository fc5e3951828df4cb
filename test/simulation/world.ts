import { randomFrom } from '../../infra/local/account/random.ts'
import type { Account } from './account.ts'
import { type Accounts, createAccounts } from './accounts.ts'
import { createAwsOutages } from './aws-outages.ts'
import { createDestination, type SimulatedDestination } from './destinations.ts'
import { createFaultPlan, type FaultPlan, type Rates, randomTimes } from './fault-plan.ts'
import type { Fault } from './faults.ts'
import { deleteByHand, writeByHand } from './hand-written.ts'
import { createPageWeather } from './page-weather.ts'
import type { Surroundings } from './process.ts'
import { createAccountLimit } from './rate-limits.ts'
import { createScenario, type Scenario } from './scenario.ts'
import { createStores, type Stores } from './stores.ts'
import { createTimeline } from './timeline.ts'
import { createTrace } from './trace.ts'
import { createVerdict, type Verdict } from './verdict.ts'
import { createWeather, type Weather } from './weather.ts'

export interface WorldOptions {
  readonly seed: string
  /** The days with faults. Some quiet hours without faults follow them. */
  readonly days: number
  readonly faults: readonly Fault[]
  /** Every seed has all of the faults, all the time. @default false: each seed has some of them, in storms */
  readonly steady?: boolean | undefined
  readonly rates?: Rates | undefined
}

/** Everything around the system that is simulated. */
export interface World extends Surroundings {
  readonly scenario: Scenario
  readonly stores: Stores
  readonly verdict: Verdict
  readonly weather: Weather
  readonly accounts: Accounts
  readonly destination: SimulatedDestination
  /** The account that a source was created for. */
  accountOf(sourceId: number): Account
}

const HOUR_MS = 3_600_000

const unknown = (what: string): never => {
  throw new RangeError(`there is no such ${what}`)
}

/** With other faults a task may begin anew, or lose what it has noted of its requests, more often than it should. */
const RATE_FAULTS: ReadonlySet<Fault> = new Set(['api-rate-limit', 'api-errors', 'events-doubled'])

function checkRate({ active }: FaultPlan, verdict: Verdict, account: number): void {
  if (![...active].every(fault => RATE_FAULTS.has(fault))) return
  verdict.broken('our requests stay within the limits of an account', `account ${account}`)
}

export function createWorld({ seed, days, faults, steady = false, rates }: WorldOptions): World {
  const scenario = createScenario(seed, days)
  const { fromMs, quietMs } = scenario
  const timeline = createTimeline(fromMs)
  const trace = createTrace(timeline.now)
  const plan = createFaultPlan({ seed, faults, steady, rates, quietMs, now: timeline.now })
  const random = randomFrom(seed, 'world')
  const awsOutages = createAwsOutages({ seed, plan, fromMs, quietMs })
  const surroundings: Surroundings = { timeline, trace, plan, random, awsOutages, calls: new Map() }
  const weather = createWeather({ seed, plan, accounts: scenario.accounts, fromMs, quietMs })
  const verdict = createVerdict(timeline, trace)
  const limits = { seed, plan, fromMs, quietMs }
  const accounts = createAccounts(surroundings, {
    ...{ seed, weather, count: scenario.accounts },
    ...{ fromMs: scenario.historyMs, toMs: scenario.endMs },
    changeAnswer: createPageWeather({ ...limits, accounts: scenario.accounts }),
    createLimit: plan.active.has('api-rate-limit') ? () => createAccountLimit(limits) : undefined,
    onOverRate: account => checkRate(plan, verdict, account),
  })
  const onOverLimit = (what: string): void => verdict.broken('no write is above a limit of AWS', what)
  const stores = createStores({ ...scenario, onOverLimit })
  /** Finds the account by the name of the source: users put the number of the account into it. */
  function accountOf(sourceId: number): Account {
    const [, number] = stores.created.get(sourceId)?.name.split(' ') ?? []
    return accounts.all[Number(number)] ?? unknown('account')
  }
  const destination = createDestination(surroundings, scenario)
  return { ...surroundings, scenario, weather, accounts, destination, stores, verdict, accountOf }
}

/** Accounts that refuse, cursors that are refused, and secrets that are written by hand, at random times. */
export function startMoods(world: World): void {
  const { plan, timeline, scenario, accounts, stores, accountOf, weather } = world
  const { fromMs, quietMs } = scenario
  const at = (fault: Fault, perDay: number, work: (account: Account) => void): void => {
    if (!plan.active.has(fault)) return
    const random = plan.random(fault)
    for (const ms of randomTimes(random, fromMs, quietMs, perDay)) {
      timeline.at(ms, () => {
        plan.count(fault)
        work(random.pick(accounts.all))
      })
    }
  }
  at('api-refusals', 1.5, account => accounts.refuse(account, plan.random('api-refusals')))
  at('api-cursors', 3, account => account.refuseCursors(timeline.now()))
  for (const { account, toMs } of weather.blackouts) {
    timeline.at(toMs, () => accounts.all[account]?.refuseCursors(timeline.now()))
  }
  const passing = plan.random('api-refusals-passing')
  at('api-refusals-passing', 1.5, account => {
    accounts.refuse(account, passing)
    const untilMs = timeline.now() + HOUR_MS / 2 + passing.integer(5 * HOUR_MS)
    timeline.at(Math.min(untilMs, quietMs), () => accounts.relent(account))
  })
  const deletion = plan.random('secrets-deleted')
  const deleted = new Map()
  at('secrets-deleted', 2, () => deleteByHand({ stores, deleted, timeline, random: deletion, quietMs }))
  const random = plan.random('secrets-by-hand')
  at('secrets-by-hand', 3, () => writeByHand({ stores, accounts, random, accountOf }))
}
