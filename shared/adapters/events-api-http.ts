import { MAX_PAGE_BYTES } from '../contract/limits.ts'
import {
  isNetworkFailure,
  type NetworkFact,
  NetworkFailure,
  networkReason,
} from '../domain/failure/network-failure.ts'
import type { EventsApi, EventsApiAnswer, EventsApiCall } from '../ports.ts'

/** Error answers are shown, not parsed: the rest of a longer one is not read. */
const MAX_ERROR_BYTES = 8 * 1024

interface Cause {
  readonly name: string
  readonly code: string
  readonly message: string
}

/** fetch hides the reason in `cause`, by a code or else by a name. */
function factOf(error: unknown, at: string): NetworkFact {
  const { name, code = name, message } = (error as { cause?: Partial<Cause> }).cause ?? {}
  const detail = [code, message ?? String(error)].filter(text => text !== undefined && text !== '').join(': ')
  return { reason: networkReason(code), at, detail }
}

async function bodyOf(response: Response, at: string): Promise<Uint8Array> {
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

/** The signal of a call: its own and the time-out's. Ended by `stop`. Connecting has a shorter limit, undici's own. */
function timed({ timeoutMs, signal }: EventsApiCall) {
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  return {
    signal: signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal,
    expired: () => timeout.signal.aborted,
    stop: () => clearTimeout(timer),
  }
}

/** fetch quotes a header that it refuses, and this one holds the token: its error must not travel on. */
function headersOf({ token, baseUrl: at }: EventsApiCall): Headers {
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
    // A redirect would carry the request to a host that nobody allowed.
    redirect: 'manual',
    signal,
    headers: headersOf(call),
    ...(call.body !== undefined && { body: call.body }),
  })
  begun()
  const retryAfter = response.headers.get('retry-after')
  const body = await bodyOf(response, call.baseUrl)
  return { status: response.status, body, ...(retryAfter !== null && { retryAfter }) }
}

/** The Events API over HTTPS. */
export function eventsApiHttp(): EventsApi {
  return {
    async send(call) {
      const limits = timed(call)
      let late: NetworkFact['reason'] = 'headers-timeout'
      try {
        return await exchange(call, limits.signal, () => {
          late = 'body-timeout'
        })
      } catch (error) {
        call.signal?.throwIfAborted()
        if (isNetworkFailure(error)) throw error
        const { baseUrl: at, timeoutMs } = call
        const fact = limits.expired() ? { reason: late, at, limit: timeoutMs / 1000 } : factOf(error, at)
        throw new NetworkFailure(fact, { cause: error })
      } finally {
        limits.stop()
      }
    },
  }
}
