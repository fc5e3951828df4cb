import type { Random } from '../../infra/local/account/random.ts'
import { APIS, type Feature } from '../../shared/contract/apis.ts'
import type { EventsApiAnswer, EventsApiCall } from '../../shared/ports.ts'
import type { AccountEvent } from './history.ts'

export const FEATURES: readonly Feature[] = Object.values(APIS).map(({ feature }) => feature)

/** One 1Password account, by the rules of reference §12. Late events come at the end of its streams. */
export interface Account {
  readonly number: number
  readonly streams: Readonly<Record<Feature, readonly AccountEvent[]>>
  /** Those that it takes. */
  readonly tokens: Set<string>
  /** Refuses all cursors given so far. */
  refuseCursors(): void
  answer(call: EventsApiCall, nowMs: number): EventsApiAnswer
}

export const answerOf = (status: number, body: unknown): EventsApiAnswer => ({
  status,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})

export const errorAnswer = (status: number, message: string): EventsApiAnswer =>
  answerOf(status, { Error: { Message: message } })

const BAD_REQUEST = errorAnswer(400, 'Bad Request')
const UNAUTHORIZED = errorAnswer(401, 'Unauthorized')

/** What a cursor holds; clients must not know. */
interface Place {
  readonly feature: Feature
  readonly issue: number
  readonly limit: number
  readonly startMs: number
  /** Index of the first event that was not looked at. */
  readonly at: number
  /** Empty pages so far. */
  readonly empty: number
}

const cursorOf = ({ feature, issue, limit, startMs, at, empty }: Place): string =>
  Buffer.from(JSON.stringify([feature, issue, limit, startMs, at, empty])).toString('base64url')

function placeOf(cursor: string): Place {
  const [feature, issue, limit, startMs, at, empty] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  return { feature, issue, limit, startMs, at, empty }
}

interface Asked {
  readonly place: Place
  readonly cursor?: string
}

function askedOf(body: string, feature: Feature, issue: number): Asked | undefined {
  const request = JSON.parse(body)
  if ('cursor' in request) {
    const place = placeOf(request.cursor)
    return place.feature === feature && place.issue === issue ? { place, cursor: request.cursor } : undefined
  }
  const startMs = Date.parse(request.start_time)
  return { place: { feature, issue, limit: request.limit, startMs, at: 0, empty: 0 } }
}

interface Found {
  readonly events: readonly AccountEvent[]
  readonly at: number
  readonly more: boolean
}

function eventsFrom(stream: readonly AccountEvent[], place: Place, limit: number, nowMs: number): Found {
  const events: AccountEvent[] = []
  let { at } = place
  for (let i = place.at; i < stream.length; i++) {
    const event = stream[i]
    if (!event || event.visibleMs > nowMs) break
    if (event.atMs < place.startMs) continue
    if (events.length === limit) return { events, at, more: true }
    events.push(event)
    at = i + 1
  }
  return { events, at, more: false }
}

/** Pages may be short, or empty though the cursor moves, and `has_more` may promise what does not come (reference §5). */
function pageOf(stream: readonly AccountEvent[], { place, cursor }: Asked, nowMs: number, random: Random) {
  if (random.chance(0.02)) {
    const beyond = cursorOf({ ...place, empty: place.empty + 1 })
    return answerOf(200, { cursor: beyond, has_more: true, items: [] })
  }
  const limit = random.chance(0.1) ? 1 + random.integer(place.limit) : place.limit
  const { events, at, more } = eventsFrom(stream, place, limit, nowMs)
  const next = events.length === 0 && cursor !== undefined ? cursor : cursorOf({ ...place, at })
  const hasMore = more || random.chance(0.05)
  const items = events.map(({ json }) => json).join(',')
  return answerOf(200, `{"cursor":"${next}","has_more":${hasMore},"items":[${items}]}`)
}

export function createAccount(number: number, streams: Account['streams'], random: Random): Account {
  const tokens = new Set<string>()
  let issue = 0
  return {
    number,
    streams,
    tokens,
    refuseCursors: () => {
      issue++
    },
    answer({ method, token, path, body = '{}' }, nowMs) {
      if (!tokens.has(token)) return UNAUTHORIZED
      if (method === 'GET') {
        return answerOf(200, { uuid: `U${number}`, features: FEATURES, account_uuid: `ACCOUNT${number}` })
      }
      const feature = path.slice(path.lastIndexOf('/') + 1) as Feature
      const asked = askedOf(body, feature, issue)
      return asked ? pageOf(streams[feature], asked, nowMs, random) : BAD_REQUEST
    },
  }
}
