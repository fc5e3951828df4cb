import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventsApiHttp } from '../../shared/adapters/events-api-http.ts'
import { MAX_PAGE_BYTES } from '../../shared/contract/limits.ts'
import type { EventsApiAnswer, EventsApiCall } from '../../shared/ports.ts'
import { type Loopback, startLoopback } from '../support/loopback.ts'

const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.s3cr3t.signature'

let server: Loopback
let listener: RequestListener = (_request, response) => void response.end()
let paths: string[] = []

beforeAll(async () => {
  server = await startLoopback((request, response) => {
    paths.push(request.url ?? '')
    listener(request, response)
  })
})
afterAll(() => server.close())
beforeEach(() => {
  paths = []
})

const send = (call: Partial<EventsApiCall> = {}): Promise<EventsApiAnswer> =>
  eventsApiHttp().send({
    baseUrl: server.url,
    token: TOKEN,
    method: 'POST',
    path: '/api/v2/auditevents',
    body: '{"cursor":"c"}',
    timeoutMs: 5_000,
    ...call,
  })

const toText = ({ body }: EventsApiAnswer): string => Buffer.from(body).toString('utf8')

/** The failure of a call; throws if there was an answer. */
async function catchFailure(call: Partial<EventsApiCall> = {}): Promise<Error> {
  const outcome: unknown = await send(call).catch((error: unknown) => error)
  if (!(outcome instanceof Error)) throw new Error(`answered: ${inspect(outcome)}`)
  expect(inspect(outcome, { depth: 9, showHidden: true })).not.toContain('s3cr3t')
  return outcome
}

const failing = (start: (request: IncomingMessage, response: ServerResponse) => void) => {
  listener = start
}

describe('a request', () => {
  it.each([
    ['POST', '/api/v2/auditevents', '{"limit":1000}'],
    ['GET', '/api/v2/auth/introspect', undefined],
  ] as const)('%s %s has the token and the body as given', async (method, path, body) => {
    const received = Promise.withResolvers<IncomingMessage & { text: string }>()
    listener = async (request, response) => {
      received.resolve(Object.assign(request, { text: await text(request) }))
      response.end('{}')
    }
    const { body: _body, ...call } = { method, path, body }
    await eventsApiHttp().send({
      ...call,
      baseUrl: server.url,
      token: TOKEN,
      timeoutMs: 5_000,
      ...(body !== undefined && { body }),
    })
    expect(await received.promise).toMatchObject({
      method,
      url: path,
      text: body ?? '',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': 'onepassword-source',
      },
    })
  })
})

describe('an answer', () => {
  it.each([200, 201, 204, 400, 401, 403, 404, 408, 429, 500, 503])(
    'of status %i is returned',
    async status => {
      listener = (_request, response) =>
        response.writeHead(status).end(status === 204 ? undefined : 'as it is')
      expect(await send().then(answer => ({ status: answer.status, text: toText(answer) }))).toEqual({
        status,
        text: status === 204 ? '' : 'as it is',
      })
    },
  )

  it.each(['17', 'Sun, 01 Mar 2026 12:01:30 GMT'])('is returned with its Retry-After: %s', async value => {
    listener = (_request, response) => response.writeHead(429, { 'retry-after': value }).end()
    expect(await send()).toMatchObject({ status: 429, retryAfter: value })
  })

  it('has no Retry-After if the server sends none', async () => {
    listener = (_request, response) => response.writeHead(429).end()
    expect(await send()).not.toHaveProperty('retryAfter')
  })

  it('is passed on unchanged, in any number of pieces', async () => {
    const bytes = Buffer.from('{"é":"😀"}\ufffd')
    listener = (_request, response) => {
      for (const byte of bytes) response.write(Buffer.of(byte))
      response.end()
    }
    expect(Buffer.from((await send()).body)).toEqual(bytes)
  })

  it('may be compressed', async () => {
    listener = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"items":[]}'))
    expect(toText(await send())).toBe('{"items":[]}')
  })

  it.each([301, 302, 303, 307, 308])(
    'of status %i is not followed, so that the token goes nowhere else',
    async status => {
      listener = (_request, response) =>
        response.writeHead(status, { location: `${server.url}/elsewhere` }).end('moved')
      expect(await send()).toMatchObject({ status, body: Buffer.from('moved') })
      expect(paths).toEqual(['/api/v2/auditevents'])
    },
  )

  it('that is an error is read only as far as it is shown', async () => {
    listener = (_request, response) => response.writeHead(500).end('x'.repeat(1_000_000))
    const { status, body } = await send()
    expect({ status, bytes: body.length }).toEqual({ status: 500, bytes: 8 * 1024 })
  })

  it('of 200 is read up to 8 MB; if it is larger, it is refused without waiting for the rest', async () => {
    const part = Buffer.alloc(1024 * 1024, ' ')
    const parts = MAX_PAGE_BYTES / part.length
    listener = (_request, response) => {
      for (let i = 0; i < parts; i++) response.write(part)
      response.end()
    }
    expect((await send()).body.length).toBe(MAX_PAGE_BYTES)
    listener = (_request, response) => {
      for (let i = 0; i <= parts; i++) response.write(part)
    }
    const failure = await catchFailure()
    expect(failure).toMatchObject({
      name: 'NetworkFailure',
      message: expect.stringContaining(`larger than ${MAX_PAGE_BYTES} bytes`),
      fact: { reason: 'too-large', at: server.url },
    })
  })
})

describe('no answer', () => {
  it('comes from a port at which nobody listens', async () => {
    const gone = await startLoopback(() => {})
    await gone.close()
    expect(await catchFailure({ baseUrl: gone.url })).toMatchObject({
      message: `1Password could not be reached at ${gone.url}: the connection was refused`,
      fact: { reason: 'refused' },
    })
  })

  it.each([
    [
      'a reset connection',
      (request: IncomingMessage) => request.socket.resetAndDestroy(),
      {},
      'was reset',
      'reset',
    ],
    [
      'a connection that closes',
      (request: IncomingMessage) => request.socket.destroy(),
      {},
      'broke off',
      'closed',
    ],
    [
      'an answer that never begins',
      () => undefined,
      { timeoutMs: 150 },
      'no answer within 0.15 seconds',
      'headers-timeout',
    ],
    [
      'an answer that never ends',
      (_request: IncomingMessage, response: ServerResponse) =>
        void response.writeHead(200).write('{"cursor":'),
      { timeoutMs: 150 },
      'the answer did not end within 0.15 seconds',
      'body-timeout',
    ],
    [
      'an answer cut off before its length',
      (_request: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '1000' })
        response.write('{"cursor":', () => response.destroy())
      },
      {},
      'broke off',
      'closed',
    ],
    [
      'an answer cut off between its chunks',
      (_request: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200)
        response.write('{"cursor":"c"}', () => response.destroy())
      },
      {},
      'broke off',
      'closed',
    ],
    [
      'an error answer cut off',
      (_request: IncomingMessage, response: ServerResponse) => {
        response.writeHead(500, { 'content-length': '1000' })
        response.write('Internal', () => response.destroy())
      },
      {},
      'broke off',
      'closed',
    ],
    [
      'something that is not HTTP',
      (request: IncomingMessage) => void request.socket.end('SSH-2.0-OpenSSH\r\n'),
      {},
      'the answer is not HTTP (HPE_INVALID_CONSTANT',
      'protocol',
    ],
  ])(
    'is a network failure that says where and why, and no token: %s',
    async (_name, start, call, why, reason) => {
      failing(start)
      const failure = await catchFailure(call)
      expect(failure.name).toBe('NetworkFailure')
      expect(failure.message).toMatch(/^1Password could not be reached at http:\/\/127\.0\.0\.1:\d+: /)
      expect(failure.message).toContain(why)
      expect(failure).toMatchObject({ fact: { reason, at: server.url } })
    },
  )

  it('comes from a host name that is too long to be resolved', async () => {
    const { port } = new URL(server.url)
    const failure = await catchFailure({ baseUrl: `http://${'a'.repeat(64)}.invalid:${port}` })
    expect(failure).toMatchObject({ name: 'NetworkFailure', fact: { reason: 'dns' } })
  })

  it('comes from a server without TLS for https', async () => {
    const failure = await catchFailure({ baseUrl: server.url.replace('http:', 'https:') })
    expect(failure).toMatchObject({
      name: 'NetworkFailure',
      message: expect.stringMatching(/SSL|TLS/),
      fact: { reason: 'tls' },
    })
  })

  it.each(['s3cr3t\nx-evil: 1', 's3cr3t\u0000', 's3cr3t é😀'])(
    'comes for a token that cannot be sent, and the token is not shown: %j',
    async token => {
      const failure = await catchFailure({ token })
      expect(failure).toMatchObject({ name: 'NetworkFailure', fact: { reason: 'unsendable' } })
      expect(paths).toEqual([])
    },
  )

  it('of a cancelled call is an error with the reason of its signal', async () => {
    const reason = new Error('not needed any more')
    await expect(send({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(paths).toEqual([])
    for (const begin of [() => undefined, (response: ServerResponse) => void response.write('{')]) {
      const abort = new AbortController()
      listener = (_request, response) => {
        begin(response)
        setTimeout(() => abort.abort(reason), 20)
      }
      await expect(send({ signal: abort.signal })).rejects.toBe(reason)
    }
  })
})
