import { request as httpRequest } from 'node:http'
import { limitAnswer, startUrlServer, toHttpAnswer, toRequestEvent } from 'aws-emulator'
import { onTestFinished } from 'vitest'
import type { AdminRequest } from '../../../../functions/admin/http/message.ts'
import { ACCESS_KEY, adminWorld, basic } from '../admin-world.ts'

export interface HttpAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

type Headers = Readonly<Record<string, string>>

/** One request with exactly these headers and no others but Host, Connection and the body's length. */
function exchange(url: string, method: string, headers: Headers, body?: string): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
    const sent = { ...length, ...headers }
    const request = httpRequest(url, { method, headers: sent }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
    })
    request.on('error', reject)
    // Like curl, this sends the body only after the server has asked for it.
    if (headers['Expect'] === '100-continue') request.on('continue', () => request.end(body)).flushHeaders()
    else request.end(body)
  })
}

/** The admin function behind a function URL on the loopback, as clients reach it. */
export async function httpWorld() {
  const world = adminWorld()
  const server = await startUrlServer(0)
  onTestFinished(() => server.close())
  server.answerWith(async request => {
    const event = toRequestEvent(request, 'anybody', world.state.nowMs) as unknown as AdminRequest
    const result = await world.handle(event)
    const { requestId } = event.requestContext
    return toHttpAnswer(limitAnswer({ requestId, payload: JSON.stringify(result) }))
  })

  /** Completes the deletion of sources that are Stopping, as dispatch does. */
  async function completeDeletions(): Promise<void> {
    for (const { collectorId, sourceId } of world.stopping.splice(0)) {
      await world.ports.registry.removeSource(collectorId, sourceId)
    }
  }

  return {
    world,
    url: server.url,
    authorization: basic(ACCESS_KEY),
    completeDeletions,
    exchange: (method: string, path: string, headers: Headers, body?: string) =>
      exchange(`${server.url}${path}`, method, headers, body),
  }
}

export type HttpWorld = Awaited<ReturnType<typeof httpWorld>>
