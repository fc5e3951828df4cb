import { describe, expect, it } from 'vitest'
import { TOKEN } from '../admin-world.ts'
import { httpWorld } from './http-world.ts'

/** The requests of the documentation's examples as curl sends them (docs/reference/management-api.md, "curl"). */
async function curl() {
  const { exchange, authorization, world } = await httpWorld()
  const own = { Authorization: authorization, 'User-Agent': 'curl/7.88.1', Accept: '*/*' }
  type Headers = Record<string, string>
  return {
    world,
    get: (path: string, headers: Headers = {}) => exchange('GET', path, { ...own, ...headers }),
    /** -T file: with Expect even for a short body, and with no type unless -H gives one. */
    upload: (method: string, path: string, file: unknown, headers: Headers = {}) => {
      const text = typeof file === 'string' ? file : JSON.stringify(file, undefined, 2)
      return exchange(method, path, { ...own, ...headers, Expect: '100-continue' }, text)
    },
    /** -X METHOD alone: neither body nor length nor type. */
    send: (method: string, path: string) => exchange(method, path, own),
  }
}

const JSON_TYPE = { 'Content-Type': 'application/json' }

const COLLECTOR = { collector: { collectorType: 'Hosted', name: 'My Hosted Collector' } }

/** The example file of the source's page, downloaded once and given a token. */
const FILE = {
  'api.version': 'v1',
  source: {
    schemaRef: { type: '1Password' },
    config: {
      name: '1Pass',
      base_url: 'events.1password.com',
      supported_apis: ['itemUsage', 'sign-in'],
      api_token: TOKEN,
      fields: { _siemForward: true },
    },
    sourceType: 'Universal',
  },
}

async function withSource() {
  const client = await curl()
  const { collector } = JSON.parse(
    (await client.upload('POST', '/api/v1/collectors', COLLECTOR, JSON_TYPE)).text,
  )
  const sources = `/api/v1/collectors/${collector.id}/sources`
  const { source } = JSON.parse((await client.upload('POST', sources, FILE, JSON_TYPE)).text)
  return { client, collector, sources, path: `${sources}/${source.id}`, source }
}

describe('curl', () => {
  it('uploads a file, with and without saying that it is JSON', async () => {
    const client = await curl()
    const typed = await client.upload('POST', '/api/v1/collectors', COLLECTOR, JSON_TYPE)
    expect(typed.status).toBe(201)
    const untyped = { collector: { ...COLLECTOR.collector, name: 'ünother' } }
    const { status, text } = await client.upload('POST', '/api/v1/collectors', untyped)
    expect([status, JSON.parse(text).collector.name]).toEqual([201, 'ünother'])
  })

  it('is refused the example file as it stands, with the mask for a token', async () => {
    const { client, sources } = await withSource()
    const masked = {
      ...FILE,
      source: { ...FILE.source, config: { ...FILE.source.config, api_token: '********' } },
    }
    const { status, text } = await client.upload('POST', sources, masked, JSON_TYPE)
    expect(status).toBe(400)
    expect(JSON.parse(text).message).toContain('config.api_token: is the mask')
  })

  it('lists with a limit, and gets by id and by name', async () => {
    const { client, collector } = await withSource()
    const listed = await client.get('/api/v1/collectors?limit=10')
    expect(JSON.parse(listed.text).collectors).toEqual([collector])
    expect(JSON.parse((await client.get(`/api/v1/collectors/${collector.id}`)).text)).toEqual({ collector })
    const named = await client.get('/api/v1/collectors/name/My%20Hosted%20Collector')
    expect(JSON.parse(named.text)).toEqual({ collector })
  })

  it('gets a collector with a dot in its name by a path that ends with a slash', async () => {
    const client = await curl()
    const dotted = { collector: { ...COLLECTOR.collector, name: 'host.example.com' } }
    await client.upload('POST', '/api/v1/collectors', dotted, JSON_TYPE)
    expect((await client.get('/api/v1/collectors/name/host.example.com/')).status).toBe(200)
  })

  it('downloads a source, edits it and puts it back with the quoted tag', async () => {
    const { client, path, source } = await withSource()
    const etag = String((await client.get(path)).headers['etag'])
    const downloaded = JSON.parse((await client.get(`${path}?download=true`)).text)
    expect(Object.keys(downloaded)).toEqual(expect.arrayContaining(['api.version', 'source']))
    expect(downloaded.source).not.toHaveProperty('id')
    const edited = { ...downloaded, source: { ...downloaded.source, id: source.id } }
    edited.source.config.category = 'edited'
    expect((await client.upload('PUT', path, edited, JSON_TYPE)).status).toBe(403)
    const put = await client.upload('PUT', path, edited, { ...JSON_TYPE, 'If-Match': etag })
    expect([put.status, JSON.parse(put.text).source.category]).toEqual([200, 'edited'])
    expect(put.headers['etag']).not.toBe(etag)
  })

  it('restarts and deletes without body, length and type', async () => {
    const { client, collector, path } = await withSource()
    for (const [method, at] of [
      ['POST', `${path}/action/restart`],
      ['DELETE', path],
      ['DELETE', `/api/v1/collectors/${collector.id}`],
    ] as const) {
      const { status, text } = await client.send(method, at)
      expect([at, status, text]).toEqual([at, 200, ''])
    }
  })

  it('is answered 304 when it knows the tag', async () => {
    const { client, path } = await withSource()
    const { headers } = await client.get(path)
    const again = await client.get(path, { 'If-None-Match': String(headers['etag']) })
    expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', headers['etag']])
  })

  it('is answered 415 for a form, which -d sends by default', async () => {
    const client = await curl()
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const { status, text } = await client.upload('POST', '/api/v1/collectors', COLLECTOR, form)
    expect([status, JSON.parse(text).code]).toEqual([415, 'contenttype.invalid'])
  })

  it('is answered 401 without a credential, before the body counts', async () => {
    const { exchange } = await httpWorld()
    const { status, text } = await exchange('POST', '/api/v1/collectors', JSON_TYPE, '{')
    expect([status, JSON.parse(text).code]).toEqual([401, 'unauthorized'])
  })
})
