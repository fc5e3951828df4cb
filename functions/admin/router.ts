import type { MiddyfiedHandler } from '@middy/core'
import httpRouter, { type Route as RouterRoute } from '@middy/http-router'
import type { AdminPorts } from './admin-ports.ts'
import { COLLECTORS } from './collectors/routes.ts'
import { FIELDS } from './fields/routes.ts'
import { HEALTH } from './health/routes.ts'
import { methodUnsupported, notFound } from './http/api-error.ts'
import { type AdminRequest, type AdminResult, type Handler, json } from './http/message.ts'
import { get, type Route, type RouteGroup } from './http/route.ts'
import { SOURCES } from './sources/routes.ts'

type Entry = RouterRoute<AdminRequest, AdminResult>

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
function toEntries({ method, path, handler, unprefixed }: Route, ports: AdminPorts): Entry[] {
  const handle = (request: AdminRequest) => handler(ports, request)
  const methods = method === 'GET' ? (['GET', 'HEAD'] as const) : [method]
  const prefixes = unprefixed ? [...PREFIXES, ''] : PREFIXES
  return prefixes.flatMap(prefix =>
    methods.map(name => ({ method: name, path: `${prefix}${path}`, handler: handle })),
  )
}

/** Every call under every prefix. */
export const createEntries = (ports: AdminPorts): Entry[] =>
  ROUTE_GROUPS.flatMap(({ routes }) => Object.values(routes)).flatMap(route => toEntries(route, ports))

const matches = (template: string, path: string): boolean => {
  const [wanted, given] = [template.split('/'), path.replace(/\/$/, '').split('/')]
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => (part.startsWith('{') ? given[index] !== '' : part === given[index]))
  )
}

/** The router tells only that no route matched: 405 if the path has other methods, else 404. */
const refuseUnmatched =
  (entries: readonly Entry[]) =>
  ({ path }: { path: string }): never => {
    const allowed = entries.filter(entry => matches(entry.path, path)).map(({ method }) => method)
    throw allowed.length > 0 ? methodUnsupported([...new Set(allowed)]) : notFound()
  }

/** Calls the handler of the route that matches. Throws ApiError 404, 405. */
export function createRouter(ports: AdminPorts): MiddyfiedHandler<AdminRequest, AdminResult> {
  const routes = createEntries(ports)
  return httpRouter<AdminRequest, AdminResult>({ routes, notFoundResponse: refuseUnmatched(routes) })
}
