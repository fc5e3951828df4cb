import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { MAX_EVENT_BYTES } from '../invocation.ts'
import { type HttpAnswer, REQUEST_TOO_LARGE, toMessageAnswer } from './http-answer.ts'

export interface HttpRequest {
  readonly method: string
  /** As in the request line: path and query, percent-encoded. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly sourceIp: string
}

/** Returns path and query of a request line, percent-encoded as they came. The query is empty if there is none. */
export function pathAndQuery(target: string): readonly [path: string, query: string] {
  const at = target.indexOf('?')
  return at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)]
}

export interface UrlServer {
  /** e.g. http://127.0.0.1:8787, without a slash at the end. */
  readonly url: string
  /** From now on requests are answered. Before, they get a 503. */
  answerWith(answer: (request: HttpRequest) => Promise<HttpAnswer>): void
  /** From now on requests get a 503. Those under way are still answered. */
  refuse(): void
  close(): Promise<void>
}

const unavailable = async (): Promise<HttpAnswer> => toMessageAnswer(503, 'Service Unavailable')

/** Starts a server that listens on the loopback only. Port 0 picks a free port. Throws if the port is taken. */
export async function startUrlServer(port: number): Promise<UrlServer> {
  let answer: (request: HttpRequest) => Promise<HttpAnswer> = unavailable
  const server = createServer((incoming, response) => {
    void respond(incoming, response, answer)
  })
  await listening(server, port)
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${taken}`,
    answerWith(given) {
      answer = given
    },
    refuse() {
      answer = unavailable
    },
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

const listening = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = new Error(`Port ${port} of 127.0.0.1 is taken: choose another with --port.`)
      reject(error.code === 'EADDRINUSE' ? taken : error)
    })
    server.listen(port, '127.0.0.1', () => resolve())
  })

async function respond(
  incoming: IncomingMessage,
  response: ServerResponse,
  answer: (request: HttpRequest) => Promise<HttpAnswer>,
): Promise<void> {
  try {
    const body = await readBody(incoming)
    const given = body ? await answer(toHttpRequest(incoming, body)) : REQUEST_TOO_LARGE
    const { status, headers, body: content } = given
    response.statusCode = status
    response.setHeaders(new Map(Object.entries(headers)))
    response.end(content)
  } catch {
    // The client is gone, or the answer cannot be sent. There is nobody to tell.
    response.destroy()
  }
}

const toHttpRequest = (incoming: IncomingMessage, body: Buffer): HttpRequest => ({
  method: incoming.method ?? 'GET',
  target: incoming.url ?? '/',
  headers: incoming.headers,
  body,
  sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
})

/**
 * Returns the whole body, or undefined if it is too large. It is read to its end in any case, or the client would not
 * read the answer.
 */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= MAX_EVENT_BYTES) chunks.push(chunk)
  }
  return bytes <= MAX_EVENT_BYTES ? Buffer.concat(chunks) : undefined
}
