import type { Feature } from '../../../../shared/contract/apis.ts'
import { bears, ISSUED_AT } from '../token.ts'
import { type Answer, BAD_REQUEST, jsonAnswer, NOT_FOUND, TOO_MANY_REQUESTS, UNAUTHORIZED } from './answer.ts'
import type { EventStream, Version } from './event-stream.ts'
import { spaced } from './json-text.ts'
import type { Effect } from './misbehaviours.ts'
import { readPage } from './page.ts'
import { type PageQuery, pageQuery } from './page-request.ts'
import { type Route, routeOf } from './route.ts'
import type { ModeOptions, Switchboard } from './switchboard.ts'

/** The state of an account that its answers depend on. */
export interface Service {
  readonly clock: { now(): number }
  /** Made when the port is known. */
  token: string
  readonly accountUuid: string
  readonly integrationUuid: string
  readonly streams: Readonly<Record<Feature, EventStream>>
  readonly switchboard: Switchboard
  readonly pageDelayMs: number
  features: readonly Feature[]
  withinLimits(): boolean
}

export interface ApiRequest {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly body: string
}

export interface Outcome {
  readonly answer: Answer
  readonly feature?: Feature
  readonly mode: string
}

type PageRoute = Extract<Route, { kind: 'page' }>

function introspection({ integrationUuid, accountUuid, features }: Service, version: Version): Answer {
  return version === 1
    ? jsonAnswer(200, { UUID: integrationUuid, IssuedAt: ISSUED_AT, Features: features })
    : jsonAnswer(200, { uuid: integrationUuid, issued_at: ISSUED_AT, features, account_uuid: accountUuid })
}

function pageText(cursor: string, hasMore: boolean, items: readonly string[]): string {
  return `{"cursor":${JSON.stringify(cursor)},"has_more":${hasMore},"items":[${items.join(',')}]}`
}

/** What the empty page of its mode is read from. */
const NOTHING: EventStream = { read: () => [], startFor: start => start }

function pageAnswer(
  service: Service,
  { feature, version }: PageRoute,
  query: PageQuery,
  effect: Effect,
): Answer {
  const shape = effect.kind === 'page' ? effect.page : undefined
  const stream = shape === 'empty' ? NOTHING : service.streams[feature]
  const page = readPage(stream, query, service.clock.now(), service.switchboard.issue(feature))
  const texts = page.events.map(event => event.text(version))
  const body = pageText(page.cursor, page.hasMore || shape === 'empty', texts)
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: shape === 'spaced' ? spaced(body) : body,
    delayMs: service.pageDelayMs,
  }
}

/** The answer when no mode stands in its place. */
function ordinaryAnswer(
  service: Service,
  route: Route,
  request: ApiRequest,
  query: PageQuery | undefined,
  effect: Effect,
): Answer {
  if (!bears(request.authorization, service.token)) return UNAUTHORIZED
  if (!service.withinLimits()) return TOO_MANY_REQUESTS
  if (route.kind === 'introspect') return introspection(service, route.version)
  if (!service.features.includes(route.feature)) return UNAUTHORIZED
  return query ? pageAnswer(service, route, query, effect) : BAD_REQUEST
}

function deliveredBy(effect: Effect, { delayMs, retryAfter }: ModeOptions, ordinary: () => Answer): Answer {
  if (effect.kind === 'cursor') return BAD_REQUEST
  if (effect.kind === 'answer') {
    const { answer } = effect
    if (!effect.retryAfter) return answer
    return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfter ?? 30) } }
  }
  if (effect.kind !== 'delivery') return ordinary()
  if (effect.delivery === 'slow') return { ...ordinary(), delayMs: delayMs ?? 5000 }
  return { ...ordinary(), delivery: effect.delivery }
}

function queryOf(service: Service, route: PageRoute, body: string): PageQuery | undefined {
  const { feature } = route
  return pageQuery(body, {
    feature,
    nowMs: service.clock.now(),
    issue: service.switchboard.issue(feature),
    startFor: (start, now) => service.streams[feature].startFor(start, now),
  })
}

/** What the account answers (reference §12). */
export function serve(service: Service, request: ApiRequest): Outcome {
  const route = routeOf(request.method, request.path)
  if (!route) return { answer: NOT_FOUND, mode: 'ok' }
  const query = route.kind === 'page' ? queryOf(service, route, request.body) : undefined
  const { effect, options, mode } = service.switchboard.take({
    target: route.kind === 'page' ? route.feature : 'introspect',
    ...(query?.cursor === undefined ? {} : { issue: query.place.issue }),
  })
  const answer = deliveredBy(effect, options, () => ordinaryAnswer(service, route, request, query, effect))
  return { answer, mode, ...(route.kind === 'page' ? { feature: route.feature } : {}) }
}
