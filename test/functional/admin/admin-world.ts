import { randomUUID } from 'node:crypto'
import type { Context } from 'aws-lambda'
import { adminApi } from '../../../functions/admin/admin-api.ts'
import type { AdminPorts } from '../../../functions/admin/admin-ports.ts'
import type { AdminRequest, AdminResult } from '../../../functions/admin/http.ts'
import type { CollectionDue } from '../../../shared/contract/events.ts'
import { EVENTS_API_HOSTS } from '../../../shared/contract/hosts.ts'
import type { Task } from '../../../shared/domain/task.ts'
import type { AccessKey } from '../../../shared/ports.ts'
import { fakeRegistry } from '../../support/fakes/registry.ts'

export const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.s3cr3t-T0ken.signature'
export const ACCESS_KEY: AccessKey = { accessId: 'op0a1b2c3d', accessKey: 'k3y-of-the-admin-URL' }
export const NOW_MS = Date.UTC(2026, 4, 6, 7, 8, 9, 123)

export const basic = ({ accessId, accessKey }: AccessKey): string =>
  `Basic ${Buffer.from(`${accessId}:${accessKey}`).toString('base64')}`

export interface Call {
  readonly method: string
  readonly path: string
  /** Stringified unless it is text or bytes; bytes go in base64. */
  readonly body?: unknown
  /** Over the usual ones; undefined removes one. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly base64?: boolean
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: { readonly [member: string]: unknown }
}

function bodyOf({ body, base64 = false }: Call) {
  if (body === undefined) return { isBase64Encoded: false }
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body)
  const bytes = Buffer.from(isRaw ? body : JSON.stringify(body))
  const isBase64Encoded = base64 || Buffer.isBuffer(body)
  return { body: bytes.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded }
}

export function requestOf(call: Call): AdminRequest {
  const { method, path, body, headers } = call
  const usual = {
    Authorization: basic(ACCESS_KEY),
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
  }
  const given = Object.entries({ ...usual, ...headers }).filter(([, value]) => value !== undefined)
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: Object.fromEntries(given) as Record<string, string>,
    requestContext: {
      accountId: 'anonymous',
      apiId: 'test',
      domainName: '127.0.0.1',
      domainPrefix: '127',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: NOW_MS,
    },
    ...bodyOf(call),
  }
}

const contextOf = (requestId: string) =>
  ({ awsRequestId: requestId, getRemainingTimeInMillis: () => 30_000 }) as Context

const answerOf = ({ statusCode = 0, headers = {}, body = '' }: AdminResult): Answer => ({
  status: statusCode,
  headers,
  body: JSON.parse(body),
})

function fakePorts() {
  const secrets = new Map<number, string>()
  const tasks: Task[] = []
  const due: CollectionDue[] = []
  const logged: { level: string; message: string; extra?: object | undefined }[] = []
  const state = { nowMs: NOW_MS, accessKey: ACCESS_KEY, keyReads: 0 }
  const logAt = (level: string) => (message: string, extra?: object) => {
    logged.push({ level, message, extra })
  }
  const ports: AdminPorts & { readonly registry: ReturnType<typeof fakeRegistry> } = {
    clock: { now: () => state.nowMs },
    log: { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error') },
    registry: fakeRegistry(),
    tasks: {
      create: async task => {
        tasks.push(task)
      },
      ofSource: async sourceId => tasks.filter(task => task.sourceId === sourceId),
    },
    tokenWriter: {
      createToken: async (sourceId, token) => {
        secrets.set(sourceId, token)
      },
    },
    accessKeys: {
      current: async () => {
        state.keyReads++
        return state.accessKey
      },
    },
    bus: {
      publishDue: async events => {
        due.push(...events)
      },
    },
    settings: { auth: 'basic', allowedHosts: EVENTS_API_HOSTS },
  }
  return { ports, secrets, tasks, due, logged, state }
}

/** The admin function over ports in memory. `adapt` puts failing or dying ports in the place of some. */
export function adminWorld(adapt: (ports: AdminPorts) => AdminPorts = ports => ports) {
  const world = fakePorts()
  const answers: Answer[] = []
  let handler = adminApi(adapt(world.ports))

  async function send(call: Call): Promise<Answer> {
    const request = requestOf(call)
    const answer = answerOf(await handler(request, contextOf(request.requestContext.requestId)))
    answers.push(answer)
    return answer
  }

  return {
    ...world,
    send,
    get: (path: string) => send({ method: 'GET', path }),
    post: (path: string, body: unknown) => send({ method: 'POST', path, body }),
    /** From now on with other ports, as a new function instance. */
    readapt: (again: (ports: AdminPorts) => AdminPorts) => {
      handler = adminApi(again(world.ports))
    },
    /** Everything that leaves the function except what the secret store is given. */
    output: (): string => {
      const { collectors, sources, names } = world.ports.registry
      const tables = [...collectors.values(), ...sources.values(), ...names.keys(), ...world.tasks]
      return JSON.stringify([answers, world.logged, world.due, tables])
    },
  }
}

export const COLLECTOR = { collector: { collectorType: 'Hosted', name: 'Security' } }

export const sourceBody = (config: object = {}, rest: object = {}) => ({
  source: {
    schemaRef: { type: '1Password' },
    sourceType: 'Universal',
    config: {
      name: '1Pass',
      base_url: 'events.1password.com',
      api_token: TOKEN,
      supported_apis: ['sign-in', 'itemUsage'],
      ...config,
    },
    ...rest,
  },
})

export type AdminWorld = ReturnType<typeof adminWorld>

/** A collector's sources path. */
export async function withCollector(world: AdminWorld): Promise<string> {
  const { body } = await world.post('/api/v1/collectors', COLLECTOR)
  return `/api/v1/collectors/${(body['collector'] as { id: number }).id}/sources`
}
