import { type Random, randomFrom } from '../../infra/local/account/random.ts'
import type { Feature } from '../../shared/contract/apis.ts'
import { NetworkFailure } from '../../shared/domain/failure/network-failure.ts'
import type { EventsApi, EventsApiAnswer, EventsApiCall } from '../../shared/ports.ts'
import { unauthorized } from '../support/fakes/events-api.ts'
import { type Account, createAccount } from './account.ts'
import { createCursorLosses, createDamage } from './damaged-pages.ts'
import type { FaultPlan } from './fault-plan.ts'
import { createHistory } from './history.ts'
import { createLongCursors } from './long-cursors.ts'
import { withOddTimes } from './odd-times.ts'
import type { ChangeAnswer } from './page-weather.ts'
import type { Process, Surroundings } from './process.ts'
import { createOwnLimit } from './rate-limits.ts'
import { pickRefusal, type Weather } from './weather.ts'

/** Every token contains this text, so no output may show it. */
export const TOKEN_SECRET = 's3cr3t'

export interface Accounts {
  readonly all: readonly Account[]
  /** Returns a token that the account accepts from now on. Some tokens expire. */
  issue(account: Account): string
  /** Returns a text that looks like a token, and that no account accepts. */
  forge(): string
  /** From now on the account refuses every request. */
  refuse(account: Account, random: Random): void
  /** From now on the account answers requests as usual. */
  relent(account: Account): void
  /** Whether it refuses every request, or did so some minutes ago. */
  readonly isRefusing: (account: Account) => boolean
  /** Returns the Events API for a process. */
  apiFor(process: Process): EventsApi
  readonly calls: () => number
  /** Whether an event was damaged on its way, so that nobody can read it. */
  readonly isDamaged: (uuid: string) => boolean
}

interface AccountsOptions {
  readonly seed: string
  readonly count: number
  /** Times of the first and the last event. Epoch milliseconds. */
  readonly fromMs: number
  readonly toMs: number
  readonly weather: Weather
  readonly changeAnswer: ChangeAnswer
  /** Creates the limit of an account. Undefined if accounts have none. */
  readonly createLimit: (() => (nowMs: number) => boolean) | undefined
  /** Is called if our own requests are more than the limits of an account. */
  readonly onOverRate: (account: number) => void
}

const DAY_MS = 86_400_000

/** A run that was refused has ended by then. */
const A_WHILE_MS = 5 * 60_000

/** A firewall or proxy has answered, not the account. */
const isForeign = ({ body }: EventsApiAnswer): boolean => Buffer.from(body).toString().startsWith('<')

interface AccountParts extends AccountsOptions {
  readonly plan: FaultPlan
}

function createNumberedAccount(
  { seed, fromMs, toMs, plan, createLimit }: AccountParts,
  number: number,
): Account {
  function history(feature: Feature) {
    const events = createHistory({ seed, account: number, feature, fromMs, toMs })
    if (!plan.active.has('odd-times')) return events
    plan.count('odd-times')
    return withOddTimes(events, randomFrom(seed, 'odd times', number, feature))
  }
  const streams = {
    signinattempts: history('signinattempts'),
    itemusages: history('itemusages'),
    auditevents: history('auditevents'),
  }
  const isWithinRateLimit = createLimit?.()
  return createAccount(number, streams, randomFrom(seed, 'account', number), { isWithinRateLimit })
}

/** Makes a JWT with the parts that the product reads. */
function makeToken(number: number, expiresMs: number | undefined): string {
  const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const claims = expiresMs === undefined ? {} : { exp: Math.floor(expiresMs / 1000) }
  return [encoded({ alg: 'ES256' }), encoded({ jti: number, ...claims }), `${TOKEN_SECRET}${number}`].join(
    '.',
  )
}

/** Waits for an answer. Rejects when the caller gives up or the time-out of the call is over. */
function waitForAnswer(
  { timeline }: Surroundings,
  process: Process,
  { timeoutMs, signal, baseUrl }: EventsApiCall,
  ms: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = timeline.after(Math.min(ms, timeoutMs), () => {
      if (!process.alive) return
      if (ms < timeoutMs) resolve()
      else reject(new NetworkFailure({ reason: 'headers-timeout', at: baseUrl, limit: timeoutMs / 1000 }))
    })
    signal?.addEventListener('abort', () => {
      timeline.cancel(timer)
      if (process.alive) reject(signal.reason)
    })
  })
}

export function createAccounts(world: Surroundings, options: AccountsOptions): Accounts {
  const { timeline, trace, plan, random } = world
  const all = Array.from({ length: options.count }, (_, number) =>
    createNumberedAccount({ ...options, plan }, number),
  )
  const owners = new Map<string, Account>()
  const { damagePages, isDamaged } = createDamage(plan)
  const { shorten, lengthen } = createLongCursors(plan)
  const ownLimits = new Map(all.map(account => [account, createOwnLimit()]))
  const loseCursors = createCursorLosses(plan)
  const forged = new Set<string>()
  const refusals = new Map<Account, EventsApiAnswer>()
  const relentedMs = new Map<Account, number>()
  let tokens = 0
  let calls = 0

  function issue(account: Account): string {
    const expires = random.chance(0.3)
    const expiresMs = timeline.now() + (1 + random.integer(20)) * DAY_MS
    const token = makeToken(++tokens, expires ? expiresMs : undefined)
    owners.set(token, account)
    account.tokens.add(token)
    if (expires) timeline.at(expiresMs, () => account.tokens.delete(token))
    return token
  }

  function forge(): string {
    const token = makeToken(++tokens, undefined)
    forged.add(token)
    return token
  }

  /** Returns the answer of the account that issued the token. */
  function answer(call: EventsApiCall): EventsApiAnswer | 'silence' {
    if (forged.has(call.token)) return unauthorized
    const account = owners.get(call.token)
    if (!account) throw new Error('a token that no account has given')
    const nowMs = timeline.now()
    if (!ownLimits.get(account)?.(nowMs)) options.onOverRate(account.number)
    return (
      refusals.get(account) ??
      options.weather.instead(account.number, call, nowMs) ??
      options.changeAnswer(account.number, call, answerOf(account, call), nowMs)
    )
  }

  /** The account's own answer, in another form perhaps. */
  function answerOf(account: Account, call: EventsApiCall): EventsApiAnswer {
    const given = lengthen(call, account.answer(shorten(call), timeline.now()))
    if (given.status !== 429 || plan.random('api-rate-limit').chance(0.5))
      return damagePages(call, loseCursors(call, given))
    return { ...given, retryAfter: String(1 + plan.random('api-rate-limit').integer(90)) }
  }

  async function send(process: Process, call: EventsApiCall): Promise<EventsApiAnswer> {
    call.signal?.throwIfAborted()
    calls++
    process.lastStatus = undefined
    const slow = plan.strikes('calls-slow') ? plan.random('calls-slow').integer(25_000) : 0
    const ms = 30 + random.integer(300) + slow
    await waitForAnswer(world, process, call, ms)
    const given = answer(call)
    if (given !== 'silence' && !(given.status !== 200 && isForeign(given))) process.lastStatus = given.status
    process.isRefused ||= [400, 401, 403, 404].includes(process.lastStatus ?? 0)
    trace.note(process.name, `api ${call.path} ${given === 'silence' ? given : given.status}`)
    if (given !== 'silence') return given
    await waitForAnswer(world, process, call, call.timeoutMs)
    return given as never
  }

  return {
    all,
    issue,
    forge,
    isRefusing: account =>
      refusals.has(account) || timeline.now() - (relentedMs.get(account) ?? 0) < A_WHILE_MS,
    refuse: (account, random) => void refusals.set(account, pickRefusal(random)),
    relent(account) {
      if (refusals.delete(account)) relentedMs.set(account, timeline.now())
    },
    apiFor: process => ({ send: call => send(process, call) }),
    calls: () => calls,
    isDamaged,
  }
}
