import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { admit, type Door, entrance, keyCookie } from './admission.ts'
import { type Call, send, type Upstream } from './upstream.ts'

/** A larger body is refused. The API takes 256 KiB. */
const MAX_BODY_BYTES = 1024 * 1024

/** What of a request reaches the API. In particular neither cookies nor credentials do. */
const PASSED_ON = ['accept', 'accept-encoding', 'content-type', 'if-match', 'if-none-match'] as const

/** What of an answer concerns this connection alone. */
const OWN_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date', 'set-cookie'])

/** Tells the page that it need not ask for a key. */
const SIGNS = { 'x-console-signs': 'yes' }

interface Refusal {
  readonly status: number
  readonly text: string
}

function refuse(response: ServerResponse, { status, text }: Refusal): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    connection: 'close',
  })
  response.end(`${text}\n`)
}

/** Returns undefined for a body that is too large. It is read to its end all the same: then the answer arrives. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk)
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined
}

function toCall({ method = 'GET', url = '/', headers }: IncomingMessage, body: Buffer): Call {
  const [path = '/', ...query] = url.split('?')
  const passed = PASSED_ON.flatMap(name => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  return {
    ...{ method, path, body },
    query: [...new Map(new URLSearchParams(query.join('?')))],
    headers: Object.fromEntries(passed),
  }
}

async function passOn(upstream: Upstream, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  if (!body) return refuse(response, { status: 413, text: 'The request is too large.' })
  const answer = await send(upstream, toCall(request, body))
  const headers = Object.entries(answer.headers).filter(([name]) => !OWN_HEADERS.has(name))
  response.writeHead(answer.statusCode ?? 502, { ...Object.fromEntries(headers), ...SIGNS })
  await pipeline(answer, response)
}

interface Serving {
  readonly upstream: Upstream
  readonly door: () => Door
  readonly onError: (text: string) => void
}

async function answer(
  { upstream, door, onError }: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, url: target = '', headers } = request
  const admitted = admit({ method, target, headers }, door())
  if (typeof admitted !== 'string') return refuse(response, { status: 403, text: admitted.refused })
  if (admitted === 'enter') {
    response.writeHead(303, {
      location: '/',
      'set-cookie': keyCookie(door()),
      'referrer-policy': 'no-referrer',
    })
    response.end()
    return
  }
  try {
    await passOn(upstream, request, response)
  } catch (error) {
    onError(String(error))
    if (response.headersSent) response.destroy()
    else refuse(response, { status: 502, text: 'The admin URL cannot be reached. The terminal says why.' })
  }
}

interface ConsoleServer {
  /** The address for the owner's browser. It holds the key. */
  readonly url: string
  close(): Promise<void>
}

/** Serves the page of an API on the loopback, until it is closed. Errors are told without what was sent. */
export async function startConsole(
  upstream: Upstream,
  port: number,
  onError: (text: string) => void,
): Promise<ConsoleServer> {
  const key = randomBytes(24).toString('base64url')
  const door = (): Door => ({ port: (server.address() as AddressInfo).port, key })
  const serving = { upstream, door, onError }
  const server = createServer((request, response) => void answer(serving, request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: entrance(door()),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
