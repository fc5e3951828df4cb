import { randomUUID } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { Context } from 'aws-lambda'
import { adminApi } from '../../../functions/admin/admin-api.ts'
import type { AdminPorts } from '../../../functions/admin/admin-ports.ts'
import type { AdminRequest, AdminResult } from '../../../functions/admin/http/message.ts'
import { re2Expressions } from '../../../shared/adapters/re2-expressions.ts'
import type { CollectionDue, SourceStopping } from '../../../shared/contract/events.ts'
import { EVENTS_API_HOSTS } from '../../../shared/contract/hosts.ts'
import type { AccessKey, AccessKeyRecord } from '../../../shared/domain/source/access-key.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { expectDescribed } from '../../support/described-answers.ts'
import { fakeDestinationSecrets } from '../../support/fakes/destinations.ts'
import { fakeEventsApi } from '../../support/fakes/events-api.ts'
import { type FakeHealthEvents, fakeHealthEvents } from '../../support/fakes/health-events.ts'
import { fakePage } from '../../support/fakes/page.ts'
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
  /** Includes the query, if there is one. */
  readonly path: string
  /** An object becomes JSON. Bytes are sent in base64. */
  readonly body?: unknown
  /** Replace the usual headers. Undefined removes one. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly base64?: boolean
  /** Further members of the request's context. */
  readonly context?: object
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  /** Parsed. It has no members if the answer has no body. */
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

/** A function URL decodes the parameters and joins several of one name. */
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

const toText = ({ body = '', isBase64Encoded }: AdminResult): string =>
  isBase64Encoded ? gunzipSync(Buffer.from(body, 'base64')).toString('utf8') : body

/** Files of the page are no part of the API. Their content is not looked at here. */
const isPage = ({ headers }: AdminResult): boolean => headers?.['content-security-policy'] !== undefined

function toAnswer(result: AdminResult): Answer {
  const text = isPage(result) ? '' : toText(result)
  const { statusCode: status = 0, headers = {} } = result
  return { status, headers, body: text === '' ? {} : JSON.parse(text), text }
}

/** Returns the body as the function reads it, or undefined if it is not JSON. */
function sentJson({ body = '', isBase64Encoded }: AdminRequest): unknown {
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

/** The tasks table, stored in a list that tests read and change. */
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
    tasksOfSource: sourceId => fakeTasks(list).tasksOfSource(sourceId),
    scan: place => fakeTasks(list).scan(place),
  }
}

/** The clock does not move in tests, so all calls of a test happen at the same moment. */
const UNLIMITED = { perSecond: 1e6, burst: 1e9, inFlight: 1e9 }

function fakePorts() {
  const secrets = new Map<number, FakeSecret>()
  const urls = new Map<string, string>()
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
    readonly eventsApi: ReturnType<typeof fakeEventsApi>
  } = {
    healthEvents: fakeHealthEvents(),
    clock: { now: () => state.nowMs },
    log: { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error') },
    random: { uuid: randomUUID },
    expressions: re2Expressions(),
    registry: fakeRegistry(),
    tasks: listedTasks(tasks),
    page: fakePage(),
    eventsApi: Object.assign(fakeEventsApi(), { token: TOKEN }),
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
      publishSegments: () => Promise.reject(new Error('admin makes no tick')),
      publishOpened: () => Promise.reject(new Error('admin opens no episode')),
      publishHealth: () => Promise.reject(new Error('admin publishes no health')),
    },
    destinationSecrets: fakeDestinationSecrets(urls),
    settings: {
      ...{ auth: 'basic', allowedHosts: EVENTS_API_HOSTS, callLimits: UNLIMITED },
      destinations: { kinds: [], hosts: [] },
    },
  }
  return { ports, secrets, urls, tasks, due, stopping, logged, state }
}

/** The admin function over ports in memory. `adapt` replaces some of them by ports that fail or die. */
export function adminWorld(adapt: (ports: AdminPorts) => AdminPorts = ports => ports) {
  const world = fakePorts()
  const answers: Answer[] = []
  let handler = adminApi(adapt(world.ports))

  /** Invokes the function as the function URL does. Every answer must match the OpenAPI document. */
  async function handle(request: AdminRequest): Promise<AdminResult> {
    const result = await handler(request, createContext(request.requestContext.requestId))
    if (isPage(result)) return result
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
    /** Sends the tag of the last GET, as clients do. */
    put: (path: string, body: unknown, etag: unknown) =>
      send({ method: 'PUT', path, body, headers: { 'If-Match': String(etag) } }),
    delete: (path: string) => send({ method: 'DELETE', path }),
    /** Continues with other ports, like a new instance of the function. */
    readapt: (again: (ports: AdminPorts) => AdminPorts) => {
      handler = adminApi(again(world.ports))
    },
    /** Everything that leaves the function, except what is written to the secret store. */
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

/** Creates a collector. Returns the path of its sources. */
export async function withCollector(world: AdminWorld): Promise<string> {
  const { body } = await world.post('/api/v1/collectors', COLLECTOR)
  return `/api/v1/collectors/${(body['collector'] as { id: number }).id}/sources`
}
