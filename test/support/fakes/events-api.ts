import { APIS } from '../../../shared/contract/apis.ts'
import type { EventsApi, EventsApiAnswer, EventsApiCall } from '../../../shared/ports.ts'

/** One event of the fake account: its place in the stream is its position in the list. */
export interface FakeEvent {
  readonly json: string
  readonly timestamp: string
}

type Answering = (call: EventsApiCall) => EventsApiAnswer | undefined | Promise<EventsApiAnswer | undefined>

export interface FakeEventsApi extends EventsApi {
  /** The stream, oldest first; tests push to it. */
  readonly events: FakeEvent[]
  readonly calls: EventsApiCall[]
  /** Asked before each ordinary answer; what it answers (or throws) stands instead. */
  answering: Answering
  features: string[]
  accountUuid: string
  token: string
}

const answer = (status: number, body: unknown): EventsApiAnswer => ({
  status,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})

export const unauthorized = answer(401, { Error: { Message: 'Unauthorized' } })
export const badRequest = answer(400, { Error: { Message: 'Bad Request' } })
export const failed = (status: number, retryAfter?: string): EventsApiAnswer => ({
  ...answer(status, { Error: { Message: `status ${status}` } }),
  ...(retryAfter !== undefined && { retryAfter }),
})
export const answered = (body: string): EventsApiAnswer => answer(200, body)

interface Position {
  readonly at: number
  readonly limit: number
}

const cursorOf = ({ at, limit }: Position): string =>
  Buffer.from(JSON.stringify({ at, limit })).toString('base64url')

function positionOf(events: readonly FakeEvent[], body: string): Position {
  const request = JSON.parse(body)
  if ('cursor' in request) return JSON.parse(Buffer.from(request.cursor, 'base64url').toString())
  const start = Date.parse(request.start_time)
  const at = events.findIndex(({ timestamp }) => Date.parse(timestamp) >= start)
  return { at: at === -1 ? events.length : at, limit: request.limit }
}

function pageOf(events: readonly FakeEvent[], body: string): EventsApiAnswer {
  const { at, limit } = positionOf(events, body)
  const items = events.slice(at, at + limit).map(({ json }) => json)
  const next = { at: at + items.length, limit }
  const rest = `"has_more":${next.at < events.length},"cursor":"${cursorOf(next)}"`
  return answered(`{${rest},"items":[${items.join(',')}]}`)
}

/** An account in memory that serves one list of events on every stream, by the rules of reference §12. */
export function fakeEventsApi(events: readonly FakeEvent[] = []): FakeEventsApi {
  const api: FakeEventsApi = {
    events: [...events],
    calls: [],
    answering: () => undefined,
    features: Object.values(APIS).map(({ feature }) => feature),
    accountUuid: 'A',
    token: 'the-token',
    async send(call) {
      api.calls.push(call)
      const instead = await api.answering(call)
      if (instead) return instead
      if (call.token !== api.token) return unauthorized
      if (call.method === 'GET')
        return answer(200, { uuid: 'U', features: api.features, account_uuid: api.accountUuid })
      return pageOf(api.events, call.body ?? '{}')
    },
  }
  return api
}
