import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { LOOPBACK_ORIGIN } from '../contract/destinations.ts'
import { DestinationFailure, judgeStatus } from '../domain/destination/destination-failure.ts'
import { networkReason, reasonText } from '../domain/failure/network-failure.ts'
import { shownBody } from '../domain/failure/shown-text.ts'
import { retryAfterMs } from '../domain/stream/back-off.ts'
import { createPublicLookup, ForbiddenAddress, type Resolve, requirePublicHost } from './public-address.ts'
import { receive } from './receive.ts'

/** What is read of an answer. The rest of a longer one is not read. */
const MAX_ANSWER_BYTES = 64 * 1024

export interface OutsideRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** From connecting to the last byte. */
  readonly timeoutMs: number
}

export interface OutsideAnswer {
  readonly status: number
  readonly retryAfter?: string
  readonly body: string
}

/** Posts to a destination. Throws DestinationFailure if there is no answer. Redirects are not followed. */
export type SendOutside = (request: OutsideRequest) => Promise<OutsideAnswer>

/** A connection that was kept has died meanwhile: the function was frozen, or the server has closed it. */
class StaleConnection extends Error {
  override readonly name = 'StaleConnection'
}

async function readAnswer(response: IncomingMessage): Promise<OutsideAnswer> {
  const { statusCode: status = 0, headers } = response
  const bytes = await receive(response, MAX_ANSWER_BYTES)
  const body = bytes.toString('utf8', 0, MAX_ANSWER_BYTES)
  const retryAfter = headers['retry-after']
  return { status, body, ...(retryAfter !== undefined && { retryAfter }) }
}

type Agents = { readonly plain: HttpAgent; readonly tls: HttpsAgent }

function exchange(
  { url, headers, body }: OutsideRequest,
  { plain, tls }: Agents,
  signal: AbortSignal,
): Promise<OutsideAnswer> {
  const isPlain = url.protocol === 'http:'
  const options = { method: 'POST', headers: { ...headers, 'content-length': body.length }, signal }
  return new Promise((resolve, reject) => {
    const sent = isPlain
      ? requestHttp(url, { ...options, agent: plain })
      : requestHttps(url, { ...options, agent: tls })
    sent.on('response', response => readAnswer(response).then(resolve, reject))
    sent.on('error', error =>
      reject(sent.reusedSocket && !signal.aborted ? new StaleConnection('', { cause: error }) : error),
    )
    sent.end(body)
  })
}

/** A connection that has died is replaced once. */
async function exchangeAnew(
  request: OutsideRequest,
  agents: Agents,
  signal: AbortSignal,
): Promise<OutsideAnswer> {
  try {
    return await exchange(request, agents, signal)
  } catch (error) {
    if (!(error instanceof StaleConnection)) throw error
    return exchange(request, agents, signal)
  }
}

function toFailure(error: unknown, { timeoutMs }: OutsideRequest, isLate: boolean): DestinationFailure {
  const cause = error instanceof StaleConnection ? error.cause : error
  if (cause instanceof ForbiddenAddress) return new DestinationFailure({ reason: 'address' }, { cause })
  const { code, message: detail } = cause as NodeJS.ErrnoException
  const reason = isLate ? 'headers-timeout' : networkReason(code)
  const said = reasonText({ reason, limit: timeoutMs / 1000, detail })
  return new DestinationFailure({ reason: 'unavailable', said }, { cause })
}

interface OutsideRules {
  /** Plain HTTP to this machine, for the local stage and tests. */
  readonly isLoopbackAllowed: boolean
  /** @default - as Node does */
  readonly resolve?: Resolve
}

/** HTTPS to public addresses, over one connection that is kept. */
export function outsideHttp({ isLoopbackAllowed, resolve }: OutsideRules): SendOutside {
  const settings = { keepAlive: true, maxSockets: 1 }
  const tls = new HttpsAgent({ ...settings, lookup: createPublicLookup(resolve) })
  const agents = { plain: new HttpAgent(settings), tls }
  return async request => {
    const { protocol, hostname } = request.url
    const isLoopback = isLoopbackAllowed && `${protocol}//${hostname}` === LOOPBACK_ORIGIN
    const signal = AbortSignal.timeout(request.timeoutMs)
    try {
      if (!isLoopback) requirePublicHost(hostname)
      if (!isLoopback && protocol !== 'https:') throw new ForbiddenAddress('only https: is allowed')
      return await exchangeAnew(request, agents, signal)
    } catch (error) {
      throw toFailure(error, request, signal.aborted)
    }
  }
}

/** Throws DestinationFailure unless the status is one that says that the events are durable. */
export function requireTaken({ status, body, retryAfter }: OutsideAnswer, accepted: readonly number[]): void {
  const reason = judgeStatus(status, accepted)
  if (reason === 'taken') return
  const waitMs = retryAfterMs(retryAfter, Date.now())
  throw new DestinationFailure({ reason, status, said: shownBody(body) }, { retryAfterMs: waitMs })
}
