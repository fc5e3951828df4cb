import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startConsole } from '../../../infra/commands/console/server.ts'
import { openUpstream, type Upstream } from '../../../infra/commands/console/upstream.ts'
import { type LocalSystem, localSystem } from '../../support/local-system.ts'

async function opened(upstream: Upstream) {
  const errors: string[] = []
  const server = await startConsole(upstream, 0, text => errors.push(text))
  onTestFinished(() => server.close())
  const { origin } = new URL(server.url)
  const entered = await fetch(server.url, { redirect: 'manual' })
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  const call = (method: string, path: string, { body, ...headers }: Record<string, string> = {}) =>
    fetch(`${origin}${path}`, { method, headers: { cookie, ...headers }, ...(body && { body }) })
  return { ...server, origin, cookie, errors, entered, call }
}

const JSON_TYPE = { 'content-type': 'application/json' }
const COLLECTOR = { collector: { collectorType: 'Hosted', name: 'a/b (c)*' } }

describe.each([
  ['signs', { context: { adminAuth: 'iam' } }],
  ['adds the access key to', {}],
])('the console of a stage %s the calls of the page', (_, options) => {
  let system: LocalSystem
  beforeAll(async () => {
    system = await localSystem(options)
  }, 90_000)
  afterAll(() => system.close())

  const open = () => opened(openUpstream({ dataDir: system.dataDir }))

  it('and serves the page, which is told so', async () => {
    const { call, entered } = await open()
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/'])
    const page = await call('GET', '/')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    const [, script = ''] = /src="([^"]+)"/.exec(await page.text()) ?? []
    expect((await call('GET', `/${script}`)).status).toBe(200)
    expect((await call('HEAD', '/')).headers.get('x-console-signs')).toBe('yes')
  })

  it('of every kind: reads, changes, queries and odd names', async () => {
    const { call } = await open()
    const created = await call('POST', '/api/v1/collectors', {
      ...JSON_TYPE,
      body: JSON.stringify(COLLECTOR),
    })
    expect(created.status).toBe(201)
    const { collector } = (await created.json()) as { collector: { id: number } }
    const path = `/api/v1/collectors/${collector.id}`
    const read = await call('GET', path)
    const etag = read.headers.get('etag') ?? ''
    expect((await call('GET', path, { 'if-none-match': etag })).status).toBe(304)
    const body = JSON.stringify({ collector: { ...collector, description: 'é' } })
    expect((await call('PUT', path, { ...JSON_TYPE, 'if-match': etag, body })).status).toBe(200)
    expect((await call('GET', '/api/v1/collectors/name/a%2Fb%20(c)*')).status).toBe(200)
    const listed = await call('GET', '/api/v1/collectors?limit=1&offset=0&filter=hosted+&x=a%20b%26')
    expect(listed.status).toBe(400)
    expect((await call('GET', '/api/v1/collection?limit=1')).status).toBe(200)
    expect((await call('DELETE', path)).status).toBe(200)
  })
})

describe('the console', () => {
  const NOWHERE: Upstream = { url: new URL('http://127.0.0.1:1'), prove: async () => ({}) }

  it('lets nobody else in, and passes on neither cookies nor credentials', async () => {
    const seen: object[] = []
    const { origin, call } = await opened({
      ...NOWHERE,
      prove: async ({ headers }) => {
        seen.push(headers)
        return {}
      },
    })
    expect((await fetch(`${origin}/api/v1/collection`)).status).toBe(403)
    expect((await call('GET', '/', { origin: 'https://evil.example' })).status).toBe(403)
    const rebound = await new Promise(resolve => {
      request(origin, { headers: { host: 'evil.example' } }, answer => resolve(answer.statusCode)).end()
    })
    expect(rebound).toBe(403)
    expect(seen).toEqual([])
    await call('GET', '/', { authorization: 'Basic eDp5', accept: 'x/y', 'x-other': '1' })
    expect(seen.map(headers => Object.keys(headers))).toEqual([['accept', 'accept-encoding']])
  })

  it('says that the API cannot be reached, here and in the terminal', async () => {
    const { call, errors } = await opened(NOWHERE)
    const answer = await call('GET', '/')
    expect([answer.status, await answer.text()]).toEqual([502, expect.stringContaining('cannot be reached')])
    expect(errors).toEqual([expect.stringContaining('ECONNREFUSED')])
  })

  it('refuses a body of more than a megabyte', async () => {
    const { call, errors } = await opened(NOWHERE)
    const answer = await call('POST', '/api/v1/collectors', { body: 'x'.repeat(1024 * 1024 + 1) })
    expect(answer.status).toBe(413)
    expect(errors).toEqual([])
  })
})
