import { type Random, randomFrom } from '../../infra/local/account/random.ts'
import { NetworkFailure } from '../../shared/domain/failure/network-failure.ts'
import type { EventsApiAnswer, EventsApiCall } from '../../shared/ports.ts'
import type { OutageOptions } from './aws-outages.ts'
import type { FaultPlan } from './fault-plan.ts'
import { randomTimes } from './fault-plan.ts'

/** Changes the answers of an account on their way to a function. Throws NetworkFailure. */
export type ChangeAnswer = (
  account: number,
  call: EventsApiCall,
  answer: EventsApiAnswer,
  nowMs: number,
) => EventsApiAnswer

interface PageWeatherOptions extends OutageOptions {
  readonly accounts: number
}

/** A time in which pages of an account with more items than these are too large. Epoch milliseconds. */
interface LargeTime {
  readonly account: number
  readonly fromMs: number
  readonly toMs: number
  readonly mostItems: number
}

const HOUR_MS = 3_600_000
const LARGE_HOURS = 6
const PER_DAY = 2
const MOST_ITEMS = [1, 2, 8, 40] as const

function planLargeTimes({ seed, plan, accounts, fromMs, quietMs }: PageWeatherOptions): LargeTime[] {
  if (!plan.active.has('api-large-pages')) return []
  const random = randomFrom(seed, 'large pages')
  return Array.from({ length: accounts }, (_, account) =>
    randomTimes(random, fromMs, quietMs, PER_DAY).map(ms => ({
      account,
      fromMs: ms,
      toMs: Math.min(ms + random.fraction() * LARGE_HOURS * HOUR_MS, quietMs),
      mostItems: random.pick(MOST_ITEMS),
    })),
  ).flat()
}

const countItems = ({ body }: EventsApiAnswer): number =>
  Buffer.from(body).toString('latin1').split('{"uuid":"').length - 1

function refuseLarge(plan: FaultPlan, { baseUrl }: EventsApiCall): never {
  plan.count('api-large-pages')
  throw new NetworkFailure({ reason: 'too-large', at: baseUrl })
}

/** The begin of a page: a proxy says that it is whole, or the connection ends too early. */
function tear({ baseUrl }: EventsApiCall, answer: EventsApiAnswer, random: Random): EventsApiAnswer {
  if (random.chance(0.3)) throw new NetworkFailure({ reason: 'closed', at: baseUrl })
  return { ...answer, body: answer.body.subarray(0, random.integer(answer.body.length)) }
}

/** Pages that are torn or too large. */
export function createPageWeather(options: PageWeatherOptions): ChangeAnswer {
  const { plan } = options
  const largeTimes = planLargeTimes(options)
  return (account, call, answer, nowMs) => {
    if (call.method !== 'POST' || answer.status !== 200) return answer
    const large = largeTimes.find(
      each => each.account === account && each.fromMs <= nowMs && nowMs < each.toMs,
    )
    if (large && countItems(answer) > large.mostItems) return refuseLarge(plan, call)
    return plan.strikes('api-torn-pages') ? tear(call, answer, plan.random('api-torn-pages')) : answer
  }
}
