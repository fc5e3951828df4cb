import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer, HttpCall } from './service.ts'

/** How a call ends: with an answer, with a closed connection, or never. */
export type Ending = Answer | 'drop' | 'hang'

interface HttpServer {
  readonly url: string
  /** Closes every connection, those with a request under way too. */
  close(): Promise<void>
}

interface HttpServerOptions {
  readonly clock: { now(): number }
  readonly handle: (call: HttpCall) => Promise<Ending>
}

const MAX_BODY_BYTES = 64 * 1024 * 1024

/** Starts an HTTP server on any free port of the loopback. */
export async function startHttpServer({ clock, handle }: HttpServerOptions): Promise<HttpServer> {
  const server = createServer((request, response) => {
    handleRequest(request, handle)
      .then(ending => endResponse(response, ending, clock))
      // The client is gone, or it sent something that is not HTTP.
      .catch(() => response.destroy())
  })
  // Clients close idle connections. If the server did, it might close one just when a request is sent.
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function handleRequest(request: IncomingMessage, handle: HttpServerOptions['handle']): Promise<Ending> {
  const [path = '/', query = ''] = splitOnce(request.url ?? '/', '?')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) return { status: 413, headers: {} }
    chunks.push(chunk)
  }
  return await handle({
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers: request.headers,
    body: Buffer.concat(chunks),
  })
}

const splitOnce = (text: string, separator: string): string[] => {
  const index = text.indexOf(separator)
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)]
}

function endResponse(response: ServerResponse, ending: Ending, clock: { now(): number }): void {
  if (ending === 'hang') return
  if (ending === 'drop') {
    response.destroy()
    return
  }
  const { status, headers, body } = ending
  // Clients correct their clocks by this header, so it must show the virtual time.
  response.sendDate = false
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...length, ...headers, date: new Date(clock.now()).toUTCString() })
  response.end(body)
}
