import type { AdminPorts } from './admin-ports.ts'
import { COLLECTION } from './collection/routes.ts'
import { COLLECTORS } from './collectors/routes.ts'
import { FIELDS } from './fields/routes.ts'
import { HEALTH } from './health/routes.ts'
import { methodUnsupported, notFound } from './http/api-error.ts'
import { type AdminRequest, type Handler, toResult } from './http/message.ts'
import { get, type Route, type RouteGroup, withHead } from './http/route.ts'
import { SOURCES } from './sources/routes.ts'

/** The document is built when somebody asks for it. The module of it is loaded only then too. */
const getDescription: Handler = async ({ settings }) => {
  const { createDocument } = await import('./openapi/document.ts')
  return { body: createDocument(settings.auth, ROUTE_GROUPS) }
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
export const ROUTE_GROUPS = [COLLECTION, COLLECTORS, SOURCES, FIELDS, HEALTH, DESCRIPTION].map(withHead)

/**
 * Clients that are set up without a trailing slash use the second prefix (docs/reference/management-api.md,
 * "Terraform provider").
 */
const PREFIXES = ['/api/v1', '/v1']

interface Entry extends Route {
  readonly pattern: RegExp
}

/** Every parameter is a named group. A slash may follow the path. */
function toEntry(route: Route, prefix: string): Entry {
  const path = `${prefix}${route.path}`
  const parameter = route.slashes ? '(?<$1>.+)' : '(?<$1>[^/]+)'
  const pattern = path.replace('.', '\\.').replace(/\{(\w+)\}/g, parameter)
  return { ...route, path, pattern: new RegExp(`^${pattern}/?$`) }
}

const hasParameters = ({ path }: Route): boolean => path.includes('{')

/** Every call under every prefix. A path without parameters goes before one that it matches too. */
export const ENTRIES: readonly Entry[] = ROUTE_GROUPS.flatMap(({ routes }) => Object.values(routes))
  .flatMap(route => [...PREFIXES, ...(route.unprefixed ? [''] : [])].map(prefix => toEntry(route, prefix)))
  .sort((a, b) => Number(hasParameters(a)) - Number(hasParameters(b)))

/** Calls the handler of the route that matches. Throws ApiError 404, or 405 if the path has other methods. */
export const createRouter = (ports: AdminPorts) => async (request: AdminRequest) => {
  const { method, path } = request.requestContext.http
  const matching = ENTRIES.filter(({ pattern }) => pattern.test(path))
  if (matching.length === 0) throw notFound()
  const entry = matching.find(candidate => candidate.method === method)
  if (!entry) throw methodUnsupported([...new Set(matching.map(candidate => candidate.method))])
  const pathParameters = { ...entry.pattern.exec(path)?.groups }
  return toResult(entry.status ?? 200, await entry.handler(ports, { ...request, pathParameters }))
}
