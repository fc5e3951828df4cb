import {
  type Answer,
  BAD_REQUEST,
  errorAnswer,
  jsonTextAnswer,
  UNAUTHORIZED,
} from '../../../infra/local/account/events-api/answer.ts'
import { listedStream } from '../../../infra/local/account/events-api/event-stream.ts'
import {
  type ApiRequest,
  createSimulatedEventsApi,
} from '../../../infra/local/account/events-api/events-api.ts'
import { parseInstant } from '../../../infra/local/account/events-api/instant.ts'
import { createSwitchboard, FEATURES } from '../../../infra/local/account/events-api/switchboard.ts'
import type { EventsApi, EventsApiAnswer, EventsApiCall } from '../../../shared/ports.ts'

/** One event of the fake account. Its position in the stream is its position in the list. */
export interface FakeEvent {
  readonly json: string
  readonly timestamp: string
}

type Answering = (call: EventsApiCall) => EventsApiAnswer | undefined | Promise<EventsApiAnswer | undefined>

interface FakeEventsApi extends EventsApi {
  /** The stream, oldest first. Tests push to it. */
  readonly events: FakeEvent[]
  readonly calls: EventsApiCall[]
  /** Is called before each ordinary answer. If it returns or throws something, that replaces the answer. */
  answering: Answering
  features: string[]
  accountUuid: string
  token: string
}

export const toApiRequest = ({ method, path, token, body = '{}' }: EventsApiCall): ApiRequest => ({
  ...{ method, path, token, body },
})

export function toEventsApiAnswer({ status, headers, body }: Answer): EventsApiAnswer {
  const retryAfter = headers?.['retry-after']
  return { status, body: Buffer.from(body), ...(retryAfter !== undefined && { retryAfter }) }
}

export const unauthorized = toEventsApiAnswer(UNAUTHORIZED)
export const badRequest = toEventsApiAnswer(BAD_REQUEST)
export const failed = (status: number, retryAfter?: string): EventsApiAnswer => ({
  ...toEventsApiAnswer(errorAnswer(status, `status ${status}`)),
  ...(retryAfter !== undefined && { retryAfter }),
})
export const answered = (body: string): EventsApiAnswer => toEventsApiAnswer(jsonTextAnswer(200, body))

/** A simulated account in memory that serves one list of events on every stream, visible at all times. */
export function fakeEventsApi(events: readonly FakeEvent[] = []): FakeEventsApi {
  const list = [...events]
  const stream = listedStream(list, {
    toEvent: ({ json, timestamp }: FakeEvent) => ({ json, instant: parseInstant(timestamp) ?? '' }),
  })
  const fake: FakeEventsApi = {
    events: list,
    calls: [],
    answering: () => undefined,
    features: [...FEATURES],
    accountUuid: 'A',
    token: 'the-token',
    async send(call) {
      fake.calls.push(call)
      const instead = await fake.answering(call)
      return instead ?? toEventsApiAnswer(account.answer(toApiRequest(call), 0).answer)
    },
  }
  const account = createSimulatedEventsApi({
    identity: {
      integrationUuid: 'U',
      get accountUuid() {
        return fake.accountUuid
      },
      get features() {
        return fake.features
      },
    },
    streams: { signinattempts: stream, itemusages: stream, auditevents: stream },
    switchboard: createSwitchboard(),
    isTokenValid: token => token === fake.token,
  })
  return fake
}
