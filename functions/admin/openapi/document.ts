import type { AdminAuth } from '../../../shared/contract/variables.ts'
import type { Route, RouteGroup } from '../http/route.ts'
import { REFUSAL_ANSWERS } from './answers.ts'
import { describeOperation, type Operation } from './operation.ts'
import { SCHEMAS } from './schemas.ts'

export type Method = 'get' | 'head' | 'post' | 'put' | 'delete'

interface Server {
  readonly url: string
  readonly description?: string
}

export type PathItem = Readonly<Partial<Record<Method, Operation>>> & {
  readonly servers?: readonly Server[]
}

/** By path, without the prefix of the version. */
export type Paths = Readonly<Record<string, PathItem>>

const SERVERS: readonly Server[] = [
  { url: '/api/v1' },
  { url: '/v1', description: 'For clients set up without /api.' },
]

function describeCall(id: string, tag: string, route: Route): PathItem {
  const { method, summary, unprefixed } = route
  const head = { ...route, method: 'HEAD', summary: `${summary}: as GET, without the body` } as const
  return {
    ...(unprefixed && { servers: [...SERVERS, { url: '/' }] }),
    [method.toLowerCase()]: describeOperation(id, tag, route),
    ...(method === 'GET' && { head: describeOperation(`${id}Head`, tag, head) }),
  }
}

function describePaths(groups: readonly RouteGroup[]): Paths {
  const paths: Record<string, PathItem> = {}
  for (const { name: tag, routes } of groups) {
    for (const [id, route] of Object.entries(routes)) {
      paths[route.path] = { ...paths[route.path], ...describeCall(id, tag, route) }
    }
  }
  return paths
}

const SECURITY_SCHEMES: Readonly<Record<AdminAuth, object>> = {
  basic: { type: 'http', scheme: 'basic', description: 'Access id and access key.' },
  iam: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'AWS Signature Version 4 for the service lambda.',
  },
}

/** The OpenAPI 3.1 description of the management API, as it is deployed. */
export const createDocument = (auth: AdminAuth, groups: readonly RouteGroup[]) => ({
  openapi: '3.1.0',
  info: {
    title: 'onepassword-source',
    version: '1',
    summary: 'Collectors and 1Password sources, as clients of the Collector Management API know them',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: SERVERS,
  security: [{ [auth]: [] }],
  tags: groups.map(({ name, description }) => ({ name, description })),
  paths: describePaths(groups),
  components: {
    schemas: SCHEMAS,
    responses: REFUSAL_ANSWERS,
    securitySchemes: { [auth]: SECURITY_SCHEMES[auth] },
  },
})
