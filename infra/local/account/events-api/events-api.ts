import type { Feature } from '../../../../shared/contract/apis.ts'
import {
  type Answer,
  BAD_REQUEST,
  jsonAnswer,
  jsonTextAnswer,
  NOT_FOUND,
  TOO_MANY_REQUESTS,
  UNAUTHORIZED,
} from './answer.ts'
import { encodeCursor } from './cursor.ts'
import type { EventStream, Version } from './event-stream.ts'
import type { AskedPage, Misbehaviour } from './misbehaviours.ts'
import { pageText, readPage } from './page.ts'
import { type PageRequest, readPageRequest } from './page-request.ts'
import { FEATURES, type Switchboard } from './switchboard.ts'

export interface ApiRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** The bearer token; '' if there is none. */
  readonly token: string
  readonly body: string
}

export interface ApiOutcome {
  readonly answer: Answer
  /** The stream that was asked for, if it was one. */
  readonly feature?: Feature
  /** The mode that the request met. */
  readonly mode: string
}

/** What introspection shows. The account may change its members at any time. */
export interface Identity {
  readonly integrationUuid: string
  readonly accountUuid: string
  /** The features that a token may read. */
  readonly features: readonly string[]
}

/** What differs between two simulated accounts. */
export interface AccountParts {
  readonly identity: Identity
  readonly streams: Readonly<Record<Feature, EventStream>>
  readonly switchboard: Switchboard
  isTokenValid(token: string): boolean
  /** Counts a request. @default there is no limit */
  readonly isWithinRateLimit?: (nowMs: number) => boolean
  /** How the account answers in mode ok. @default as the real service does */
  readonly usual?: Misbehaviour
}

/** The Events API of one account. It has no clock and does no I/O. */
export interface SimulatedEventsApi {
  answer(request: ApiRequest, nowMs: number): ApiOutcome
}

/** When the simulated integration was made. */
export const ISSUED_AT = '2025-09-01T09:30:00Z'

type Route =
  | { readonly kind: 'introspect'; readonly version: Version }
  | { readonly kind: 'page'; readonly version: Version; readonly feature: Feature }

type PageRoute = Extract<Route, { kind: 'page' }>

const VERSIONS: readonly Version[] = [1, 2]

/** The v1 path of introspection has no version in it (docs/reference/events-api.md, "Endpoints"). */
const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['GET /api/auth/introspect', { kind: 'introspect', version: 1 }],
  ['GET /api/v2/auth/introspect', { kind: 'introspect', version: 2 }],
  ...VERSIONS.flatMap(version =>
    FEATURES.map((feature): [string, Route] => [
      `POST /api/v${version}/${feature}`,
      { kind: 'page', version, feature },
    ]),
  ),
])

function introspect({ integrationUuid, accountUuid, features }: Identity, version: Version): Answer {
  return version === 1
    ? jsonAnswer(200, { UUID: integrationUuid, IssuedAt: ISSUED_AT, Features: features })
    : jsonAnswer(200, { uuid: integrationUuid, issued_at: ISSUED_AT, features, account_uuid: accountUuid })
}

/** A request on its way through the steps below. */
interface Exchange {
  readonly route: Route
  readonly token: string
  readonly nowMs: number
  readonly misbehaviour: Misbehaviour
  /** Absent if the body of a request for a page is wrong. */
  readonly pageRequest: PageRequest | undefined
}

function answerPage(
  { streams, switchboard }: AccountParts,
  { feature, version }: PageRoute,
  { nowMs, misbehaviour }: Exchange,
  request: PageRequest,
): Answer {
  const { content, cursor = encodeCursor(content) } = request
  const common = { stream: streams[feature], request, version, nowMs }
  const asked: AskedPage = {
    limit: content.limit,
    cursor,
    anotherCursor: () => encodeCursor({ ...content, emptyPages: (content.emptyPages ?? 0) + 1 }),
    read: (limit = content.limit) =>
      readPage({ ...common, limit, generation: switchboard.generation(feature) }),
  }
  const page = misbehaviour.page?.(asked) ?? asked.read()
  return 'status' in page ? page : jsonTextAnswer(200, pageText(page))
}

/** The order of the checks decides which error a request with several faults gets. */
function answerRequest(parts: AccountParts, exchange: Exchange): Answer {
  const { identity, isTokenValid, isWithinRateLimit } = parts
  const { route, token, nowMs, pageRequest } = exchange
  if (!isTokenValid(token)) return UNAUTHORIZED
  if (isWithinRateLimit && !isWithinRateLimit(nowMs)) return TOO_MANY_REQUESTS
  if (route.kind === 'introspect') return introspect(identity, route.version)
  if (!identity.features.includes(route.feature)) return UNAUTHORIZED
  return pageRequest ? answerPage(parts, route, exchange, pageRequest) : BAD_REQUEST
}

/**
 * Creates the Events API of an account, v1 and v2, by the rules of docs/reference/events-api.md, "A stand-in for the
 * service".
 */
export function createSimulatedEventsApi(parts: AccountParts): SimulatedEventsApi {
  const { streams, switchboard, usual = {} } = parts

  function readRequest({ feature }: PageRoute, body: string, nowMs: number): PageRequest | undefined {
    const generation = switchboard.generation(feature)
    return readPageRequest(body, { feature, stream: streams[feature], nowMs, generation })
  }

  return {
    answer({ method, path, token, body }, nowMs) {
      const route = ROUTES.get(`${method} ${path}`)
      if (!route) return { answer: NOT_FOUND, mode: 'ok' }
      const pageRequest = route.kind === 'page' ? readRequest(route, body, nowMs) : undefined
      const { mode, options, ...switched } = switchboard.take({
        target: route.kind === 'page' ? route.feature : 'introspect',
        ...(pageRequest?.cursor === undefined ? {} : { generation: pageRequest.content.generation }),
      })
      const misbehaviour = mode === 'ok' ? usual : switched.misbehaviour
      const exchange = { route, token, nowMs, misbehaviour, pageRequest }
      const plain = misbehaviour.answer?.(options, token) ?? answerRequest(parts, exchange)
      const answer = misbehaviour.change?.(plain, options) ?? plain
      return { answer, mode, ...(route.kind === 'page' ? { feature: route.feature } : {}) }
    },
  }
}
