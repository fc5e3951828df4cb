import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Answer, BAD_REQUEST, errorAnswer, send } from './events-api/answer.ts'

export interface HttpRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly authorization: string | undefined
  readonly body: string
}

export interface HttpServer {
  readonly port: number
  /** Ends open connections too, those that hang included. */
  close(): Promise<void>
}

const MAX_BODY = 1024 * 1024

/** undefined if it is larger than any request to this API can be. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= MAX_BODY) chunks.push(chunk)
  }
  return size <= MAX_BODY ? Buffer.concat(chunks).toString() : undefined
}

type Respond = (request: HttpRequest) => Answer

async function answerTo(request: IncomingMessage, respond: Respond): Promise<Answer> {
  const body = await bodyOf(request)
  if (body === undefined) return BAD_REQUEST
  const [path = ''] = (request.url ?? '').split('?', 1)
  try {
    return respond({ method: request.method ?? '', path, authorization: request.headers.authorization, body })
  } catch (error) {
    console.error('The simulated account failed:', error)
    return errorAnswer(500, 'Internal Server Error')
  }
}

/** Clients that went away while being answered are no fault of ours, nor is our own end. */
async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  respond: Respond,
  signal: AbortSignal,
): Promise<void> {
  try {
    await send(response, await answerTo(request, respond), signal)
  } catch {
    response.destroy()
  }
}

const listening = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })

/** Listens on 127.0.0.1; port 0 takes a free one. Rejects if the port is taken. */
export async function startHttpServer(port: number, respond: Respond): Promise<HttpServer> {
  const ended = new AbortController()
  const server = createServer((request, response) => {
    void exchange(request, response, respond, ended.signal)
  })
  return {
    port: await listening(server, port),
    close: () =>
      new Promise(resolve => {
        ended.abort()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
