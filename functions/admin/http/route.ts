import type { Shape } from '../../../shared/domain/source/shape.ts'
import type { SchemaName } from '../openapi/schemas.ts'
import type { Handler } from './message.ts'

/** What a call reads and answers, beside its path. */
interface Details {
  readonly description?: string
  readonly query?: Shape
  readonly ifMatch?: 'required' | 'optional'
  readonly body?: { readonly schema: SchemaName; readonly example: unknown }
  /** @default 200 */
  readonly status?: 201 | 204
  /** What is answered. Left out: the answer has no body. */
  readonly answer?: SchemaName
  /** The answer carries a tag: of one entity's configuration, or of all that the answer says. */
  readonly tagged?: 'configuration' | 'content'
  /** The request can be wrong (400), although it has neither query nor body. */
  readonly mayBeWrong?: true
  /** The call changes nothing, although its method is neither GET nor HEAD. */
  readonly isReading?: true
  /** The last parameter of the path may hold slashes, also such that are not percent-encoded. */
  readonly slashes?: true
  /** The call also works without the prefix of the version. */
  readonly unprefixed?: true
}

/** One call of the API, declared once: the router and the OpenAPI document follow from it. */
export interface Route extends Details {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  /** Without the prefix of the version. */
  readonly path: string
  readonly handler: Handler
  /** Also describes the answer, if that has a body. */
  readonly summary: string
}

export interface RouteGroup {
  readonly name: string
  readonly description: string
  /** By operation id. */
  readonly routes: Readonly<Record<string, Route>>
}

const route =
  (method: Route['method']) =>
  (path: string, handler: Handler, summary: string, details: Details = {}): Route => ({
    ...details,
    method,
    path,
    handler,
    summary,
  })

export const get = route('GET')
export const post = route('POST')
export const put = route('PUT')
export const remove = route('DELETE')

function describeHead(id: string, route: Route): [string, Route][] {
  if (route.method !== 'GET') return []
  return [[`${id}Head`, { ...route, method: 'HEAD', summary: `${route.summary}: as GET, without the body` }]]
}

/** HEAD is answered and described like GET. A middleware removes the body. */
export function withHead({ routes, ...group }: RouteGroup): RouteGroup {
  const rows = Object.entries(routes).flatMap(([id, row]) => [[id, row] as const, ...describeHead(id, row)])
  return { ...group, routes: Object.fromEntries(rows) }
}
