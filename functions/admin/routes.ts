import type { Method, Route } from '@middy/http-router'
import type { AdminPorts } from './admin-ports.ts'
import { methodUnsupported, notFound } from './api-error.ts'
import { createCollector } from './collectors/create.ts'
import { getCollector } from './collectors/get.ts'
import type { AdminHandler, AdminRequest, AdminResult } from './http.ts'
import { createSource } from './sources/create.ts'
import { getSource } from './sources/get.ts'

/** The second is what clients set up without a trailing slash ask for (reference/sumo-api §8.2). */
const PREFIXES = ['/api/v1', '/v1']

const COLLECTOR = '/collectors/{collectorId}'

const calls = (ports: AdminPorts): readonly (readonly [Method, string, AdminHandler])[] => [
  ['POST', '/collectors', createCollector(ports)],
  ['GET', COLLECTOR, getCollector(ports)],
  ['POST', `${COLLECTOR}/sources`, createSource(ports)],
  ['GET', `${COLLECTOR}/sources/{sourceId}`, getSource(ports)],
]

/** Every call under every prefix. */
export const routes = (ports: AdminPorts): Route<AdminRequest, AdminResult>[] =>
  PREFIXES.flatMap(prefix =>
    calls(ports).map(([method, path, handler]) => ({ method, path: `${prefix}${path}`, handler })),
  )

const matches = (template: string, path: string): boolean => {
  const [wanted, given] = [template.split('/'), path.replace(/\/$/, '').split('/')]
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => (part.startsWith('{') ? given[index] !== '' : part === given[index]))
  )
}

/** For the router, which tells only that nothing fitted: 405 where the path is known with another method, else 404. */
export const unmatched =
  (known: readonly { readonly path: string }[]) =>
  ({ path }: { path: string }): never => {
    throw known.some(route => matches(route.path, path)) ? methodUnsupported() : notFound()
  }
