import { htmlAnswer, jsonAnswer, textAnswer } from '../../infra/local/account/events-api/answer.ts'
import { type ModeName, modeNamed } from '../../infra/local/account/events-api/misbehaviours.ts'
import { FEATURES } from '../../infra/local/account/events-api/switchboard.ts'
import { type Random, randomFrom } from '../../infra/local/account/random.ts'
import type { Feature } from '../../shared/contract/apis.ts'
import { NetworkFailure } from '../../shared/domain/failure/network-failure.ts'
import type { EventsApiAnswer, EventsApiCall } from '../../shared/ports.ts'
import { toEventsApiAnswer, unauthorized } from '../support/fakes/events-api.ts'
import { type OutageOptions, outageMs } from './aws-outages.ts'

/** How a request goes wrong: in a mode of the simulated account, with a broken connection, or without any answer. */
type Trouble =
  | { readonly mode: ModeName }
  | { readonly network: 'reset' | 'dns' | 'closed' | 'refused' }
  | 'silence'

const PASSING: readonly Trouble[] = [
  { mode: '500' },
  { mode: '503' },
  { mode: '408' },
  { mode: '429-bare' },
  { mode: '429' },
  { network: 'reset' },
  { network: 'dns' },
  { network: 'closed' },
  { network: 'refused' },
  'silence',
  { mode: '502' },
  { mode: 'not-json' },
  { mode: 'not-a-page' },
  { mode: 'half-json' },
]

const LASTING = ['401', '403', '404'] as const

/** A time in which all requests for a feature of an account fail. Epoch milliseconds. */
export interface Outage {
  readonly account: number
  readonly feature: Feature
  readonly fromMs: number
  readonly toMs: number
  readonly trouble: Trouble
}

export interface Weather {
  /** Those of seconds to hours, and the blackouts. */
  readonly outages: readonly Outage[]
  /** Those that last for most of a day, one for each feature. */
  readonly blackouts: readonly Outage[]
  /** Returns what a request gets in the place of the right answer, if it gets something. Throws NetworkFailure. */
  instead(account: number, call: EventsApiCall, nowMs: number): EventsApiAnswer | 'silence' | undefined
}

interface WeatherOptions extends OutageOptions {
  readonly accounts: number
}

/** Returns the answer of a mode that looks at no token and no page. */
function answerInMode(mode: ModeName, token: string, random: Random): EventsApiAnswer {
  const options = mode === '429' ? { retryAfter: 1 + random.integer(300) } : {}
  const answer = modeNamed(mode).answer?.(options, token)
  if (!answer) throw new RangeError(`mode ${mode} does not answer by itself`)
  return toEventsApiAnswer(answer)
}

const WRITINGS: readonly ((text: string) => string)[] = [
  text => text,
  text => JSON.stringify({ authorization: text }),
  text => text.replaceAll('.', '\\u002e'),
  text => encodeURIComponent(text).replaceAll('.', '%2E'),
  text => text.replaceAll(/\d/g, digit => `&#${digit.charCodeAt(0)};`),
  text => Buffer.from(text).toString('base64'),
  text => Buffer.from(text).toString('hex'),
]

/** A proxy's answer that repeats the request's credential, or the begin of it. */
function reflect(token: string, random: Random): EventsApiAnswer {
  const written = random.pick(WRITINGS)(`Bearer ${token}`)
  const length = random.chance(0.5) ? written.length : random.integer(written.length)
  return toEventsApiAnswer(
    textAnswer(random.pick([408, 502, 503]), `no route for ${written.slice(0, length)}`),
  )
}

/** Text that is far too long for what it is. */
const longText = (random: Random): string => 'long '.repeat(14_000 + random.integer(120_000))

/** An answer that is far larger than it should be, and of which the product may keep a part only. */
function answerAtLength(feature: Feature | undefined, random: Random): EventsApiAnswer {
  const text = longText(random)
  if (random.chance(0.5)) return toEventsApiAnswer(textAnswer(random.pick([500, 502, 503]), text))
  const content =
    feature === undefined
      ? { features: [...FEATURES, ...text.split(' ')] }
      : { cursor: text, has_more: false, items: [] }
  return toEventsApiAnswer(jsonAnswer(200, content))
}

/** The API itself never refuses a good token in an introspection: that would be a reason to wait for the user. */
function refuseOnce(feature: Feature | undefined, random: Random): EventsApiAnswer {
  if (feature !== undefined && random.chance(0.5)) return unauthorized
  return toEventsApiAnswer(htmlAnswer(random.pick([401, 403, 404]), '<html>Blocked</html>'))
}

/** Throws NetworkFailure. */
function goWrong(trouble: Trouble, { baseUrl, token }: EventsApiCall, random: Random) {
  if (trouble === 'silence') return trouble
  if ('network' in trouble) throw new NetworkFailure({ reason: trouble.network, at: baseUrl })
  return answerInMode(trouble.mode, token, random)
}

function planOutages({ seed, plan, accounts, fromMs, quietMs }: WeatherOptions): Outage[] {
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

const HOUR_MS = 3_600_000

/** Long enough for more events to be unread than the overlap of a new chain reaches back to. */
function planBlackouts({ seed, plan, accounts, fromMs, quietMs }: WeatherOptions): Outage[] {
  if (!plan.active.has('api-blackouts')) return []
  const random = randomFrom(seed, 'blackouts')
  return Array.from({ length: accounts }, (_, account) => {
    const lengthMs = Math.min((8 + random.integer(16)) * HOUR_MS, (quietMs - fromMs) / 2)
    const from = fromMs + random.fraction() * (quietMs - fromMs - lengthMs)
    const trouble = random.pick(PASSING)
    plan.count('api-blackouts')
    return FEATURES.map(feature => ({ account, feature, fromMs: from, toMs: from + lengthMs, trouble }))
  }).flat()
}

/** Returns undefined for introspection. */
const findFeature = (path: string): Feature | undefined => FEATURES.find(feature => path.endsWith(feature))

export function createWeather(options: WeatherOptions): Weather {
  const { plan } = options
  const blackouts = planBlackouts(options)
  const outages = [...planOutages(options), ...blackouts]
  return {
    outages,
    blackouts,
    instead(account, call, nowMs) {
      const feature = findFeature(call.path)
      const outage = outages.find(
        each =>
          each.account === account && each.feature === feature && each.fromMs <= nowMs && nowMs < each.toMs,
      )
      if (outage) return goWrong(outage.trouble, call, plan.random('api-outages'))
      if (plan.strikes('api-refused-once')) return refuseOnce(feature, plan.random('api-refused-once'))
      if (plan.strikes('api-reflections')) return reflect(call.token, plan.random('api-reflections'))
      if (plan.strikes('api-large-answers')) return answerAtLength(feature, plan.random('api-large-answers'))
      if (!plan.strikes('api-errors')) return undefined
      const random = plan.random('api-errors')
      return goWrong(random.pick(PASSING), call, random)
    },
  }
}

/** Picks the answer of an account that refuses every request. */
export const pickRefusal = (random: Random): EventsApiAnswer => answerInMode(random.pick(LASTING), '', random)
