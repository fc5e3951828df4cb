import type { AdminAuth } from '../../../shared/contract/variables.ts'
import { FAILURE_ANSWERS, failures, plain } from './answers.ts'
import { COLLECTOR_PATHS } from './collector-paths.ts'
import { COLLECTOR_SCHEMAS } from './collector-schemas.ts'
import { ERROR_SCHEMAS } from './error-schemas.ts'
import { FIELD_PATHS } from './field-paths.ts'
import { FIELD_SCHEMAS } from './field-schemas.ts'
import { HEALTH_PATHS } from './health-paths.ts'
import { HEALTH_SCHEMAS } from './health-schemas.ts'
import { type Paths, type Server, withHead } from './operation.ts'
import { SOURCE_PATHS } from './source-paths.ts'
import { SOURCE_SCHEMAS } from './source-schemas.ts'
import { TASK_PATHS } from './task-paths.ts'
import { TASK_SCHEMAS } from './task-schemas.ts'

const SERVERS: readonly Server[] = [
  { url: '/api/v1' },
  { url: '/v1', description: 'For clients set up without /api.' },
]

const DESCRIPTION_PATHS: Paths = {
  '/openapi.json': {
    servers: [...SERVERS, { url: '/' }],
    get: {
      operationId: 'getDescription',
      tags: ['Description'],
      summary: 'This description',
      responses: { 200: plain('An OpenAPI 3.1 document.', { type: 'object' }), ...failures() },
    },
  },
}

/** Every path without its prefix. */
const PATHS: Paths = withHead({
  ...COLLECTOR_PATHS,
  ...SOURCE_PATHS,
  ...TASK_PATHS,
  ...FIELD_PATHS,
  ...HEALTH_PATHS,
  ...DESCRIPTION_PATHS,
})

const SCHEMAS = {
  ...COLLECTOR_SCHEMAS,
  ...SOURCE_SCHEMAS,
  ...TASK_SCHEMAS,
  ...FIELD_SCHEMAS,
  ...HEALTH_SCHEMAS,
  ...ERROR_SCHEMAS,
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

const TAGS = [
  { name: 'Collectors', description: 'Named groups of sources.' },
  { name: 'Sources', description: '1Password accounts that events are collected from.' },
  { name: 'Fields', description: 'The metadata that events may carry.' },
  { name: 'Health', description: 'What is in trouble, and what was.' },
  { name: 'Description', description: 'Of this API.' },
]

/** The OpenAPI 3.1 description of the management API, as it is deployed. */
export const openApi = (auth: AdminAuth) => ({
  openapi: '3.1.0',
  info: {
    title: 'onepassword-source',
    version: '1',
    summary: 'Collectors and 1Password sources, as clients of the Collector Management API know them',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: SERVERS,
  security: [{ [auth]: [] }],
  tags: TAGS,
  paths: PATHS,
  components: {
    schemas: SCHEMAS,
    responses: FAILURE_ANSWERS,
    securitySchemes: { [auth]: SECURITY_SCHEMES[auth] },
  },
})
