import type { MiddyfiedHandler } from '@middy/core'
import httpRouter, { type Route as RouterRoute } from '@middy/http-router'
import type { AdminPorts } from './admin-ports.ts'
import { COLLECTORS } from './collectors/routes.ts'
import { FIELDS } from './fields/routes.ts'
import { HEALTH } from './health/routes.ts'
import { methodUnsupported, notFound } from './http/api-error.ts'
import { type AdminRequest, type AdminResult, type Handler, json, SLASHED } from './http/message.ts'
import { get, type Route, type RouteGroup } from './http/route.ts'
import { SOURCES } from './sources/routes.ts'

interface Entry extends RouterRoute<AdminRequest, AdminResult> {
  readonly slashes: boolean
}

/** The document is built when somebody asks for it. The module of it is loaded only then too. */
const getDescription: Handler = async ({ settings }) => {
  const { createDocument } = await import('./openapi/document.ts')
  return json(200, createDocument(settings.auth, ROUTE_GROUPS))
}

const DESCRIPTION: RouteGroup = {
  name: 'Description',
  description: 'Of this API.',
  routes: {
    getDescription: get('/openapi.json', getDescription, 'This description, an OpenAPI 3.1 document', {
      answer: 'Description',
      unprefixed: true,
    }),
  },
}

/** All calls of the API. */
export const ROUTE_GROUPS: readonly RouteGroup[] = [COLLECTORS, SOURCES, FIELDS, HEALTH, DESCRIPTION]

/**
 * Clients that are set up without a trailing slash use the second prefix (docs/reference/management-api.md,
 * "Terraform provider").
 */
const PREFIXES = ['/api/v1', '/v1']

/** HEAD runs the handler of GET. A middleware removes the body. */
function toEntries(route: Route, ports: AdminPorts): Entry[] {
  const { method, path, handler, slashes = false, unprefixed } = route
  const handle = (request: AdminRequest) => handler(ports, request)
  const methods = method === 'GET' ? (['GET', 'HEAD'] as const) : [method]
  const prefixes = unprefixed ? [...PREFIXES, ''] : PREFIXES
  return prefixes.flatMap(prefix =>
    methods.map(name => ({ method: name, path: `${prefix}${path}`, handler: handle, slashes })),
  )
}

/** Every call under every prefix. */
export const createEntries = (ports: AdminPorts): Entry[] =>
  ROUTE_GROUPS.flatMap(({ routes }) => Object.values(routes)).flatMap(route => toEntries(route, ports))

/** All parts from the last one on become one, because it may hold slashes. */
const joinRest = (parts: readonly string[], last: number): string[] => [
  ...parts.slice(0, last),
  parts.slice(last).join('/'),
]

function matches({ path: template, slashes }: Entry, path: string): boolean {
  const wanted = template.split('/')
  const parts = path.replace(/\/$/, '').split('/')
  const given = slashes ? joinRest(parts, wanted.length - 1) : parts
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => (part.startsWith('{') ? given[index] !== '' : part === given[index]))
  )
}

/** The router tells only that no route matched: 405 if the path has other methods, else 404. */
const refuseUnmatched =
  (entries: readonly Entry[]) =>
  ({ path }: { path: string }): never => {
    const allowed = entries.filter(entry => matches(entry, path)).map(({ method }) => method)
    throw allowed.length > 0 ? methodUnsupported([...new Set(allowed)]) : notFound()
  }

/** The router knows one name for a parameter with slashes: SLASHED in http/message.ts. */
const toRouterRoute = ({ slashes, ...route }: Entry): RouterRoute<AdminRequest, AdminResult> =>
  slashes ? { ...route, path: route.path.replace(/\{\w+\}$/, `{${SLASHED}+}`) } : route

/** Calls the handler of the route that matches. Throws ApiError 404, 405. */
export function createRouter(ports: AdminPorts): MiddyfiedHandler<AdminRequest, AdminResult> {
  const entries = createEntries(ports)
  return httpRouter<AdminRequest, AdminResult>({
    routes: entries.map(toRouterRoute),
    notFoundResponse: refuseUnmatched(entries),
  })
}
