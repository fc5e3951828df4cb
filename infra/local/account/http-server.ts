import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, BAD_REQUEST, errorAnswer } from './events-api/answer.ts'
import type { ApiRequest } from './events-api/events-api.ts'

interface HttpServer {
  readonly port: number
  /** Ends open connections too, even those that hang. */
  close(): Promise<void>
}

/** Makes the answer to one request. */
type Respond = (request: ApiRequest) => Answer

const MAX_BODY = 1024 * 1024

/** Returns undefined if the body is larger than any body of this API. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= MAX_BODY) chunks.push(chunk)
  }
  return size <= MAX_BODY ? Buffer.concat(chunks).toString() : undefined
}

const readToken = ({ headers }: IncomingMessage): string =>
  /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''

async function makeAnswer(request: IncomingMessage, respond: Respond): Promise<Answer> {
  const body = await readBody(request)
  if (body === undefined) return BAD_REQUEST
  const [path = ''] = (request.url ?? '').split('?', 1)
  try {
    return respond({ method: request.method ?? '', path, token: readToken(request), body })
  } catch (error) {
    console.error('The simulated account failed:', error)
    return errorAnswer(500, 'Internal Server Error')
  }
}

function sendHalf(response: ServerResponse, { status, headers }: Answer, bytes: Buffer): void {
  response.writeHead(status, { ...headers, 'content-length': bytes.length + 1 })
  response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.destroy())
}

/** Sends the answer, or lets it go wrong in the way that the answer says. */
async function sendAnswer(response: ServerResponse, answer: Answer, signal: AbortSignal): Promise<void> {
  if (answer.delayMs) await sleep(answer.delayMs, undefined, { signal, ref: false })
  const bytes = Buffer.from(answer.body)
  if (answer.delivery === 'none') return
  if (answer.delivery === 'reset') response.socket?.resetAndDestroy()
  else if (answer.delivery === 'cut') sendHalf(response, answer, bytes)
  else response.writeHead(answer.status, { ...answer.headers, 'content-length': bytes.length }).end(bytes)
}

/** A client that goes away before it is answered is no error. Nor is the end of the server. */
async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  respond: Respond,
  signal: AbortSignal,
): Promise<void> {
  try {
    await sendAnswer(response, await makeAnswer(request, respond), signal)
  } catch {
    response.destroy()
  }
}

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })

/** Listens on 127.0.0.1. Port 0 means a free one. Rejects if the port is taken. */
export async function startHttpServer(port: number, respond: Respond): Promise<HttpServer> {
  const ended = new AbortController()
  const server = createServer((request, response) => {
    void handle(request, response, respond, ended.signal)
  })
  return {
    port: await listen(server, port),
    close: () =>
      new Promise(resolve => {
        ended.abort()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
