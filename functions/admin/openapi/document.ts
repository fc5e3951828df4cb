import type { AdminAuth } from '../../../shared/contract/variables.ts'
import type { RouteGroup } from '../http/route.ts'
import { REFUSAL_ANSWERS } from './answers.ts'
import { describeOperation, type Operation } from './operation.ts'
import { SCHEMAS } from './schemas.ts'

export type Method = 'get' | 'head' | 'post' | 'put' | 'delete'

const SERVERS = [{ url: '/api/v1' }, { url: '/v1', description: 'For clients set up without /api.' }]

export type PathItem = Partial<Record<Method, Operation>> & { servers?: { readonly url: string }[] }

/** By path, without the prefix of the version. */
function describePaths(groups: readonly RouteGroup[]): Readonly<Record<string, PathItem>> {
  const paths: Record<string, PathItem> = {}
  for (const { name: tag, routes } of groups) {
    for (const [id, { unprefixed, ...route }] of Object.entries(routes)) {
      paths[route.path] = {
        ...(unprefixed && { servers: [...SERVERS, { url: '/' }] }),
        ...paths[route.path],
        [route.method.toLowerCase()]: describeOperation(id, tag, route),
      }
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
