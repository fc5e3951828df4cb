import { type Random, randomFrom } from '../../infra/local/account/random.ts'
import type { Feature } from '../../shared/contract/apis.ts'
import { NetworkFailure } from '../../shared/domain/failure/network-failure.ts'
import type { EventsApiAnswer, EventsApiCall } from '../../shared/ports.ts'
import { answerOf, errorAnswer, FEATURES } from './account.ts'
import { type OutageOptions, outageMs } from './aws-outages.ts'

/** How a request goes wrong: with another answer, or with none. Throws NetworkFailure. */
type Trouble = (call: EventsApiCall, random: Random) => EventsApiAnswer | 'silence'

const broken =
  (reason: 'reset' | 'dns' | 'closed' | 'refused'): Trouble =>
  ({ baseUrl }) => {
    throw new NetworkFailure({ reason, at: baseUrl })
  }

const PASSING: readonly Trouble[] = [
  () => errorAnswer(500, 'Internal Server Error'),
  () => answerOf(503, 'upstream connect error'),
  () => errorAnswer(408, 'Request Timeout'),
  () => errorAnswer(429, 'Too Many Requests'),
  (_, random) => ({ ...errorAnswer(429, 'Slow down'), retryAfter: String(1 + random.integer(300)) }),
  broken('reset'),
  broken('dns'),
  broken('closed'),
  broken('refused'),
  () => 'silence',
  ({ token }) => answerOf(502, `no such request: Authorization: Bearer ${token}`),
  () => answerOf(200, '<html>Please sign in</html>'),
  () => answerOf(200, { status: 'ok' }),
  () => answerOf(200, '{"cursor":"x","has_more":tr'),
]

const LASTING: readonly Trouble[] = [
  () => errorAnswer(401, 'Unauthorized'),
  () => errorAnswer(403, 'Forbidden'),
  () => answerOf(404, '404 page not found'),
]

/** A time in which all requests for a feature of an account fail. Epoch milliseconds. */
export interface Outage {
  readonly account: number
  readonly feature: Feature
  readonly fromMs: number
  readonly toMs: number
  readonly trouble: Trouble
}

export interface Weather {
  readonly outages: readonly Outage[]
  /** What stands in the place of the answer to a request, if anything does. Throws NetworkFailure. */
  instead(account: number, call: EventsApiCall, nowMs: number): EventsApiAnswer | 'silence' | undefined
}

export interface WeatherOptions extends OutageOptions {
  readonly accounts: number
}

function outagesOf({ seed, plan, accounts, fromMs, quietMs }: WeatherOptions): Outage[] {
  if (!plan.active.has('api-outages')) return []
  const random = randomFrom(seed, 'outages')
  const perDay = random.pick([0.5, 2, 4])
  const count = Math.ceil((perDay * accounts * (quietMs - fromMs)) / 86_400_000)
  return Array.from({ length: count }, () => {
    const from = fromMs + random.fraction() * (quietMs - fromMs)
    const to = Math.min(from + outageMs(random), quietMs)
    const features = random.chance(0.5) ? FEATURES : [random.pick(FEATURES)]
    const trouble = random.pick(PASSING)
    const account = random.integer(accounts)
    plan.count('api-outages')
    return features.map(feature => ({ account, feature, fromMs: from, toMs: to, trouble }))
  }).flat()
}

/** The introspection fails with the first feature. */
const featureOf = (path: string): Feature | undefined => FEATURES.find(feature => path.endsWith(feature))

export function createWeather(options: WeatherOptions): Weather {
  const { plan } = options
  const outages = outagesOf(options)
  return {
    outages,
    instead(account, call, nowMs) {
      const feature = featureOf(call.path)
      const outage = outages.find(
        each =>
          each.account === account && each.feature === feature && each.fromMs <= nowMs && nowMs < each.toMs,
      )
      if (outage) return outage.trouble(call, plan.random('api-outages'))
      if (plan.strikes('api-errors')) {
        const random = plan.random('api-errors')
        return random.pick(PASSING)(call, random)
      }
      return undefined
    },
  }
}

/** Of a time in which an account refuses whoever asks. */
export const refusalBy = (random: Random): EventsApiAnswer =>
  random.pick(LASTING)({} as EventsApiCall, random) as EventsApiAnswer
