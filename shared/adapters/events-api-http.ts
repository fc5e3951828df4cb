import { MAX_PAGE_BYTES } from '../contract/limits.ts'
import {
  isNetworkFailure,
  type NetworkFact,
  NetworkFailure,
  networkReason,
} from '../domain/failure/network-failure.ts'
import type { EventsApi, EventsApiAnswer, EventsApiCall } from '../ports.ts'

/** The body of an error is shown and not parsed, so the rest of a longer body is not read. */
const MAX_ERROR_BYTES = 8 * 1024

interface Cause {
  readonly name: string
  readonly code: string
  readonly message: string
}

/** fetch puts the reason into `cause`: a code, or a name if there is no code. */
function toNetworkFact(error: unknown, at: string): NetworkFact {
  const { name, code = name, message } = (error as { cause?: Partial<Cause> }).cause ?? {}
  const detail = [code, message ?? String(error)].filter(text => text !== undefined && text !== '').join(': ')
  return { reason: networkReason(code), at, detail }
}

async function readBody(response: Response, at: string): Promise<Uint8Array> {
  const limit = response.status === 200 ? MAX_PAGE_BYTES : MAX_ERROR_BYTES
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    size += chunk.length
    if (size <= limit) continue
    if (response.status === 200) throw new NetworkFailure({ reason: 'too-large', at, limit })
    break
  }
  return Buffer.concat(chunks, Math.min(size, limit))
}

/**
 * Joins the signal of a call with that of its time-out, until `stop` is called. For connecting, undici has a shorter
 * limit of its own.
 */
function limitTime({ timeoutMs, signal }: EventsApiCall) {
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  return {
    signal: signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal,
    expired: () => timeout.signal.aborted,
    stop: () => clearTimeout(timer),
  }
}

/**
 * If fetch refuses a header, its error quotes the header, and the header holds the token. So this throws an error of
 * its own.
 */
function createHeaders({ token, baseUrl: at }: EventsApiCall): Headers {
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  try {
    return new Headers({ ...headers, 'user-agent': 'onepassword-source', authorization: `Bearer ${token}` })
  } catch {
    throw new NetworkFailure({ reason: 'unsendable', at })
  }
}

async function exchange(
  call: EventsApiCall,
  signal: AbortSignal,
  begun: () => void,
): Promise<EventsApiAnswer> {
  const response = await fetch(new URL(call.path, call.baseUrl), {
    method: call.method,
    // A redirect would send the request, with its token, to a host that nobody allowed.
    redirect: 'manual',
    signal,
    headers: createHeaders(call),
    ...(call.body !== undefined && { body: call.body }),
  })
  begun()
  const retryAfter = response.headers.get('retry-after')
  const body = await readBody(response, call.baseUrl)
  return { status: response.status, body, ...(retryAfter !== null && { retryAfter }) }
}

/** The Events API, over HTTPS. */
export function eventsApiHttp(): EventsApi {
  return {
    async send(call) {
      const limits = limitTime(call)
      let late: NetworkFact['reason'] = 'headers-timeout'
      try {
        return await exchange(call, limits.signal, () => {
          late = 'body-timeout'
        })
      } catch (error) {
        call.signal?.throwIfAborted()
        if (isNetworkFailure(error)) throw error
        const { baseUrl: at, timeoutMs } = call
        const fact = limits.expired()
          ? { reason: late, at, limit: timeoutMs / 1000 }
          : toNetworkFact(error, at)
        throw new NetworkFailure(fact, { cause: error })
      } finally {
        limits.stop()
      }
    },
  }
}
