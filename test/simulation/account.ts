import { type EventStream, listedStream } from '../../infra/local/account/events-api/event-stream.ts'
import { createSimulatedEventsApi } from '../../infra/local/account/events-api/events-api.ts'
import type { Misbehaviour } from '../../infra/local/account/events-api/misbehaviours.ts'
import { createSwitchboard, FEATURES } from '../../infra/local/account/events-api/switchboard.ts'
import type { Random } from '../../infra/local/account/random.ts'
import type { Feature } from '../../shared/contract/apis.ts'
import type { EventsApiAnswer, EventsApiCall } from '../../shared/ports.ts'
import { toApiRequest, toEventsApiAnswer } from '../support/fakes/events-api.ts'
import type { AccountEvent } from './history.ts'

/** One simulated 1Password account. Late events come at the end of its streams. */
export interface Account {
  readonly number: number
  readonly streams: Readonly<Record<Feature, readonly AccountEvent[]>>
  /** The tokens that it accepts. */
  readonly tokens: Set<string>
  /** From now on the account refuses all cursors that it has returned so far. */
  refuseCursors(nowMs: number): void
  answer(call: EventsApiCall, nowMs: number): EventsApiAnswer
}

/**
 * A page may be short, or empty although the cursor moves, and `has_more` may promise what does not come
 * (docs/reference/events-api.md, "Page and cursor").
 */
const oddPages = (random: Random): Misbehaviour => ({
  page(asked) {
    if (random.chance(0.02)) return { cursor: asked.anotherCursor(), hasMore: true, items: [] }
    const page = asked.read(random.chance(0.1) ? 1 + random.integer(asked.limit) : asked.limit)
    return page.hasMore ? page : { ...page, hasMore: random.chance(0.05) }
  },
})

const toStream = (events: readonly AccountEvent[]): EventStream =>
  listedStream(events, { toEvent: event => event })

interface AccountOptions {
  /** Counts a request. @default - there is no limit */
  readonly isWithinRateLimit?: ((nowMs: number) => boolean) | undefined
}

/** So many pages of each of three features are more than the limits allow in a minute. */
const MANY_PAGES = 500

/** Pages have so few events that a long history takes more requests than the limits allow. */
function shortPages({ signinattempts, itemusages, auditevents }: Account['streams']): Misbehaviour {
  const longest = Math.max(signinattempts.length, itemusages.length, auditevents.length)
  return { page: asked => asked.read(Math.min(asked.limit, Math.ceil(longest / MANY_PAGES))) }
}

export function createAccount(
  number: number,
  streams: Account['streams'],
  random: Random,
  { isWithinRateLimit }: AccountOptions = {},
): Account {
  const tokens = new Set<string>()
  const switchboard = createSwitchboard()
  const { signinattempts, itemusages, auditevents } = streams
  const api = createSimulatedEventsApi({
    identity: { integrationUuid: `U${number}`, accountUuid: `ACCOUNT${number}`, features: FEATURES },
    streams: {
      signinattempts: toStream(signinattempts),
      itemusages: toStream(itemusages),
      auditevents: toStream(auditevents),
    },
    switchboard,
    isTokenValid: token => tokens.has(token),
    ...(isWithinRateLimit && { isWithinRateLimit }),
    usual: isWithinRateLimit ? shortPages(streams) : oddPages(random),
  })
  return {
    number,
    streams,
    tokens,
    refuseCursors: nowMs => switchboard.set('refused-cursors', {}, nowMs),
    answer: (call, nowMs) => toEventsApiAnswer(api.answer(toApiRequest(call), nowMs).answer),
  }
}
