import { randomUUID } from 'node:crypto'
import type { Context } from 'aws-lambda'
import { adminApi } from '../../../functions/admin/admin-api.ts'
import type { AdminPorts } from '../../../functions/admin/admin-ports.ts'
import type { AdminRequest, AdminResult } from '../../../functions/admin/http/message.ts'
import type { CollectionDue, SourceStopping } from '../../../shared/contract/events.ts'
import { EVENTS_API_HOSTS } from '../../../shared/contract/hosts.ts'
import type { AccessKey, AccessKeyRecord } from '../../../shared/domain/source/access-key.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { expectDescribed } from '../../support/described-answers.ts'
import { type FakeHealthEvents, fakeHealthEvents } from '../../support/fakes/health-events.ts'
import { fakeRegistry } from '../../support/fakes/registry.ts'
import { type FakeTasks, fakeTasks } from '../../support/fakes/tasks.ts'
import { type FakeSecret, fakeTokenWriter } from '../../support/fakes/tokens.ts'

export const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.s3cr3t-T0ken.signature'
export const ACCESS_KEY: AccessKey = { accessId: 'op0a1b2c3d', accessKey: 'k3y-of-the-admin-URL' }
export const NOW_MS = Date.UTC(2026, 4, 6, 7, 8, 9, 123)

export const basic = ({ accessId, accessKey }: AccessKey): string =>
  `Basic ${Buffer.from(`${accessId}:${accessKey}`).toString('base64')}`

export interface Call {
  readonly method: string
  /** With the query, if any. */
  readonly path: string
  /** Stringified unless it is text or bytes; bytes go in base64. */
  readonly body?: unknown
  /** Over the usual ones; undefined removes one. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly base64?: boolean
  /** Members of the request's context beside the usual ones. */
  readonly context?: object
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  /** Parsed; without members if the answer has no body. */
  readonly body: { readonly [member: string]: unknown }
  readonly text: string
}

function toEventBody({ body, base64 = false }: Call) {
  if (body === undefined) return { isBase64Encoded: false }
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body)
  const bytes = Buffer.from(isRaw ? body : JSON.stringify(body))
  const isBase64Encoded = base64 || Buffer.isBuffer(body)
  return { body: bytes.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded }
}

/** As a function URL gives them: decoded, several of one name joined. */
function toEventQuery(query: string): Record<string, string> {
  const parameters = new URLSearchParams(query)
  return Object.fromEntries([...parameters.keys()].map(name => [name, parameters.getAll(name).join(',')]))
}

export function toRequest(call: Call): AdminRequest {
  const { method, body, headers } = call
  const [path = '', ...query] = call.path.split('?')
  const rawQueryString = query.join('?')
  const usual = {
    Authorization: basic(ACCESS_KEY),
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
  }
  const given = Object.entries({ ...usual, ...headers }).filter(([, value]) => value !== undefined)
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString,
    ...(rawQueryString && { queryStringParameters: toEventQuery(rawQueryString) }),
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
      ...call.context,
    },
    ...toEventBody(call),
  }
}

const createContext = (requestId: string) =>
  ({ awsRequestId: requestId, getRemainingTimeInMillis: () => 30_000 }) as Context

const toAnswer = ({ statusCode = 0, headers = {}, body = '' }: AdminResult): Answer => ({
  status: statusCode,
  headers,
  body: body === '' ? {} : JSON.parse(body),
  text: body,
})

/** The request's body as the function reads it; undefined if it is no JSON. */
function sentJson({ body = '', isBase64Encoded }: AdminRequest): unknown {
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

/** The tasks table over a list that tests look at and change. */
function listedTasks(list: Task[]): AdminPorts['tasks'] {
  const change = <Result>(work: (store: FakeTasks) => Promise<Result>): Promise<Result> => {
    const store = fakeTasks(list)
    const result = work(store)
    list.splice(0, list.length, ...store.items.values())
    return result
  }
  return {
    create: task => change(store => store.create(task)),
    apply: (key, transition) => change(store => store.apply(key, transition)),
    ofSource: sourceId => fakeTasks(list).ofSource(sourceId),
  }
}

/** The clock stands still here: what a test sends would all be at once. */
const UNLIMITED = { perSecond: 1e6, burst: 1e9, inFlight: 1e9 }

function fakePorts() {
  const secrets = new Map<number, FakeSecret>()
  const tasks: Task[] = []
  const due: CollectionDue[] = []
  const stopping: SourceStopping[] = []
  const logged: { level: string; message: string; extra?: object | undefined }[] = []
  const state = { nowMs: NOW_MS, accessKey: ACCESS_KEY as AccessKeyRecord, keyReads: 0 }
  const logAt = (level: string) => (message: string, extra?: object) => {
    logged.push({ level, message, extra })
  }
  const ports: AdminPorts & {
    readonly registry: ReturnType<typeof fakeRegistry>
    readonly healthEvents: FakeHealthEvents
  } = {
    healthEvents: fakeHealthEvents(),
    clock: { now: () => state.nowMs },
    log: { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error') },
    registry: fakeRegistry(),
    tasks: listedTasks(tasks),
    tokenWriter: fakeTokenWriter(secrets),
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
      publishStopping: async events => {
        stopping.push(...events)
      },
      publishOpened: () => Promise.reject(new Error('admin opens no episode')),
      publishHealth: () => Promise.reject(new Error('admin publishes no health')),
    },
    settings: { auth: 'basic', allowedHosts: EVENTS_API_HOSTS, callLimits: UNLIMITED },
  }
  return { ports, secrets, tasks, due, stopping, logged, state }
}

/** The admin function over ports in memory. `adapt` puts failing or dying ports in the place of some. */
export function adminWorld(adapt: (ports: AdminPorts) => AdminPorts = ports => ports) {
  const world = fakePorts()
  const answers: Answer[] = []
  let handler = adminApi(adapt(world.ports))

  /** As the function URL invokes it. Every answer must be as the description says. */
  async function handle(request: AdminRequest): Promise<AdminResult> {
    const result = await handler(request, createContext(request.requestContext.requestId))
    const answer = toAnswer(result)
    answers.push(answer)
    const { method } = request.requestContext.http
    const path = `${request.rawPath}?${request.rawQueryString}`
    expectDescribed({ method, path, ...answer, sent: sentJson(request) })
    return result
  }

  const send = async (call: Call): Promise<Answer> => toAnswer(await handle(toRequest(call)))

  return {
    ...world,
    handle,
    send,
    get: (path: string) => send({ method: 'GET', path }),
    post: (path: string, body?: unknown) => send({ method: 'POST', path, body }),
    /** With the tag that the last GET answered, as clients do. */
    put: (path: string, body: unknown, etag: unknown) =>
      send({ method: 'PUT', path, body, headers: { 'If-Match': String(etag) } }),
    delete: (path: string) => send({ method: 'DELETE', path }),
    /** From now on with other ports, as a new function instance. */
    readapt: (again: (ports: AdminPorts) => AdminPorts) => {
      handler = adminApi(again(world.ports))
    },
    /** Everything that leaves the function except what the secret store is given. */
    output: (): string => {
      const { collectors, sources, names, fieldSchema } = world.ports.registry.stored
      const registry = [...collectors.values(), ...sources.values(), ...names.keys(), fieldSchema]
      return JSON.stringify([answers, world.logged, world.due, world.stopping, world.tasks, registry])
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
