import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { MAX_PAGE_BYTES } from '../contract/limits.ts'
import {
  isNetworkFailure,
  type NetworkFact,
  NetworkFailure,
  networkReason,
} from '../domain/failure/network-failure.ts'
import type { EventsApi, EventsApiAnswer, EventsApiCall } from '../ports.ts'
import { receive } from './receive.ts'

/** The body of an error is shown and not parsed, so the rest of a longer body is not read. */
const MAX_ERROR_BYTES = 8 * 1024

/** A server that does not take a connection within this time is not waited for any longer. */
const CONNECT_MS = 10_000

/** An idle connection is used again for so long. Servers close theirs after five seconds and more. */
const KEEP_ALIVE = { keepAlive: true, timeout: 4_000 } as const

type NodeError = Partial<Pick<NodeJS.ErrnoException, 'code' | 'name' | 'message' | 'syscall'>>

/** Node says ECONNRESET, too, if the other side has closed the connection in an orderly way. Then no system call failed. */
const isClosed = ({ code, syscall }: NodeError): boolean => code === 'ECONNRESET' && syscall === undefined

function toNetworkFact(error: NodeError, at: string): NetworkFact {
  const { name, code = name, message } = error
  const detail = [code, message].filter(text => text !== undefined && text !== '').join(': ')
  return { reason: isClosed(error) ? 'closed' : networkReason(code), at, detail }
}

function decode(response: IncomingMessage, at: string): Readable {
  const encoding = response.headers['content-encoding']?.toLowerCase() ?? 'identity'
  if (encoding === 'identity') return response
  // A failure of the connection comes out of the stream that is returned.
  if (encoding === 'gzip') return pipeline(response, createGunzip(), () => {})
  response.destroy()
  throw new NetworkFailure({ reason: 'protocol', at, detail: 'it has an encoding that nobody asked for' })
}

async function readBody(response: IncomingMessage, at: string): Promise<Uint8Array> {
  const isPage = response.statusCode === 200
  const limit = isPage ? MAX_PAGE_BYTES : MAX_ERROR_BYTES
  const body = await receive(decode(response, at), limit)
  if (body.length <= limit) return body
  if (isPage) throw new NetworkFailure({ reason: 'too-large', at, limit })
  return body.subarray(0, limit)
}

type Lateness = 'connect-timeout' | 'headers-timeout' | 'body-timeout'

/** How long a call may take. `late` is what is missing yet. */
interface TimeLimit {
  readonly signal: AbortSignal
  late: Lateness
  readonly limitMs: () => number
  readonly expired: () => boolean
  readonly stop: () => void
}

/** Joins the signal of a call with that of its time-outs, until `stop` is called. */
function limitTime({ timeoutMs, signal }: EventsApiCall): TimeLimit {
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  const connecting = setTimeout(
    () => limit.late === 'connect-timeout' && timeout.abort(),
    Math.min(CONNECT_MS, timeoutMs),
  )
  const limit: TimeLimit = {
    signal: signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal,
    late: 'connect-timeout',
    limitMs: () => (limit.late === 'connect-timeout' ? Math.min(CONNECT_MS, timeoutMs) : timeoutMs),
    expired: () => timeout.signal.aborted,
    stop: () => {
      clearTimeout(timer)
      clearTimeout(connecting)
    },
  }
  return limit
}

type Agents = ReturnType<typeof createAgents>

const createAgents = () => ({ plain: new Agent(KEEP_ALIVE), tls: new TlsAgent(KEEP_ALIVE) })

/** Node quotes no value of a header that it refuses, and one of them is the token. A redirect is not followed. */
function createRequest({ plain, tls }: Agents, call: EventsApiCall, signal: AbortSignal): ClientRequest {
  const { token, method, baseUrl: at } = call
  const url = new URL(call.path, at)
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'content-type': 'application/json',
    'user-agent': 'onepassword-source',
    authorization: `Bearer ${token}`,
  }
  const options = { method, headers, signal }
  try {
    return url.protocol === 'https:'
      ? tlsRequest(url, { ...options, agent: tls })
      : request(url, { ...options, agent: plain })
  } catch {
    throw new NetworkFailure({ reason: 'unsendable', at })
  }
}

/** Sends a request and waits for the head of its answer. */
function begin(asked: ClientRequest, body: string | undefined, limits: TimeLimit): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const connected = (): void => {
    limits.late = 'headers-timeout'
  }
  asked.on('socket', socket => {
    if (asked.reusedSocket) connected()
    else socket.once('secureConnect', connected).once('connect', () => 'encrypted' in socket || connected())
  })
  asked.on('response', resolve)
  asked.on('error', reject)
  asked.end(body)
  return promise
}

async function exchange(agents: Agents, call: EventsApiCall, limits: TimeLimit): Promise<EventsApiAnswer> {
  const response = await begin(createRequest(agents, call, limits.signal), call.body, limits)
  limits.late = 'body-timeout'
  const { statusCode: status = 0, headers } = response
  const body = await readBody(response, call.baseUrl)
  const { 'retry-after': retryAfter } = headers
  return { status, body, ...(retryAfter !== undefined && { retryAfter }) }
}

/** The Events API, over HTTPS. Node's own client needs half the CPU of `fetch` for a page (docs/performance.md). */
export function eventsApiHttp(): EventsApi {
  const agents = createAgents()
  return {
    async send(call) {
      call.signal?.throwIfAborted()
      const limits = limitTime(call)
      try {
        return await exchange(agents, call, limits)
      } catch (error) {
        call.signal?.throwIfAborted()
        if (isNetworkFailure(error)) throw error
        const { baseUrl: at } = call
        const fact = limits.expired()
          ? { reason: limits.late, at, limit: limits.limitMs() / 1000 }
          : toNetworkFact(error as NodeError, at)
        throw new NetworkFailure(fact, { cause: error })
      } finally {
        limits.stop()
      }
    },
  }
}
