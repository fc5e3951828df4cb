import { once } from 'node:events'
import type { IncomingMessage, RequestListener } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventsApiHttp } from '../../shared/adapters/events-api-http.ts'
import type { EventsApiCall } from '../../shared/ports.ts'
import { type Loopback, startLoopback } from '../support/loopback.ts'

let server: Loopback
let listener: RequestListener = (_request, response) => void response.end('{}')

beforeAll(async () => {
  server = await startLoopback((request, response) => listener(request, response))
})
afterAll(() => server.close())

const createCall = (change: Partial<EventsApiCall> = {}): EventsApiCall => ({
  baseUrl: server.url,
  token: 'token',
  method: 'GET',
  path: '/api/v2/auth/introspect',
  timeoutMs: 5_000,
  ...change,
})

/** Sends two requests, one after the other, and returns how many connections they took. */
async function countConnections(between: (first: IncomingMessage) => unknown = () => {}): Promise<number> {
  const requests: IncomingMessage[] = []
  listener = (request, response) => {
    requests.push(request)
    response.end('{}')
  }
  const api = eventsApiHttp()
  await api.send(createCall())
  await sleep(50)
  for (const request of requests) between(request)
  await sleep(50)
  await api.send(createCall())
  return new Set(requests.map(({ socket }) => socket)).size
}

describe('a connection', () => {
  it('serves the next request, too', async () => {
    expect(await countConnections()).toBe(1)
  })

  it('that the server has closed meanwhile is replaced', async () => {
    expect(await countConnections(({ socket }) => socket.end())).toBe(2)
  })

  it('that never ends its TLS handshake is a time-out of connecting', async () => {
    const mute = createServer().listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const baseUrl = `https://127.0.0.1:${(mute.address() as AddressInfo).port}`
    const sent = eventsApiHttp().send(createCall({ baseUrl, timeoutMs: 150 }))
    await expect(sent).rejects.toMatchObject({
      fact: { reason: 'connect-timeout', at: baseUrl, limit: 0.15 },
    })
    mute.close()
  })
})

describe('an encoded answer', () => {
  it.each(['gzip', 'GZIP'])('is decoded: %s', async encoding => {
    listener = (_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(gzipSync('{"items":[]}'))
    const { body } = await eventsApiHttp().send(createCall())
    expect(Buffer.from(body).toString()).toBe('{"items":[]}')
  })

  it('that nobody asked for is no answer', async () => {
    listener = (_request, response) => response.writeHead(200, { 'content-encoding': 'br' }).end('x')
    await expect(eventsApiHttp().send(createCall())).rejects.toMatchObject({ fact: { reason: 'protocol' } })
  })

  it('that is damaged is no answer', async () => {
    listener = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('{"items":[]}')
    await expect(eventsApiHttp().send(createCall())).rejects.toMatchObject({ fact: { reason: 'other' } })
  })
})
