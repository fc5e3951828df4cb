import { MAX_PAGE_BYTES } from '../contract/limits.ts'
import { NetworkFailure } from '../domain/failure.ts'
import type { EventsApi, EventsApiAnswer, EventsApiCall } from '../ports.ts'

/** Error answers are shown, not parsed: the rest of a longer one is not read. */
const MAX_ERROR_BYTES = 8 * 1024

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'the host name could not be resolved',
  EAI_AGAIN: 'the host name could not be resolved',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_SOCKET: 'the connection broke off',
}

/** fetch hides the reason in `cause`; TLS failures have codes of OpenSSL's, which say enough. */
function reasonOf(error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause
  if (cause?.code !== undefined) return REASONS[cause.code] ?? `${cause.code}: ${cause.message ?? ''}`
  return cause?.message ?? String(error)
}

async function bodyOf(response: Response): Promise<Uint8Array> {
  const limit = response.status === 200 ? MAX_PAGE_BYTES : MAX_ERROR_BYTES
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    size += chunk.length
    if (size <= limit) continue
    if (response.status === 200)
      throw new NetworkFailure(
        `the answer is larger than ${limit} bytes, more than a run can hold; lower pageSize and create the source anew`,
      )
    break
  }
  return Buffer.concat(chunks, Math.min(size, limit))
}

/** The signal of a call: its own and the time-out's. Ended by `stop`. */
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
function headersOf({ token }: EventsApiCall): Headers {
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  try {
    return new Headers({ ...headers, 'user-agent': 'onepassword-source', authorization: `Bearer ${token}` })
  } catch {
    throw new NetworkFailure('the API token cannot be sent: a header may not hold its characters')
  }
}

async function exchange(call: EventsApiCall, signal: AbortSignal): Promise<EventsApiAnswer> {
  const response = await fetch(new URL(call.path, call.baseUrl), {
    method: call.method,
    // A redirect would carry the request to a host that nobody allowed.
    redirect: 'manual',
    signal,
    headers: headersOf(call),
    ...(call.body !== undefined && { body: call.body }),
  })
  const retryAfter = response.headers.get('retry-after')
  return { status: response.status, body: await bodyOf(response), ...(retryAfter !== null && { retryAfter }) }
}

/** The Events API over HTTPS. */
export function eventsApiHttp(): EventsApi {
  return {
    async send(call) {
      const limits = timed(call)
      try {
        return await exchange(call, limits.signal)
      } catch (error) {
        call.signal?.throwIfAborted()
        if (error instanceof NetworkFailure) throw error
        const reason = limits.expired()
          ? `no answer within ${call.timeoutMs / 1000} seconds`
          : reasonOf(error)
        throw new NetworkFailure(`1Password could not be reached at ${call.baseUrl}: ${reason}`, {
          cause: error,
        })
      } finally {
        limits.stop()
      }
    },
  }
}
