import { describe, expect, it } from 'vitest'
import type { PathItem } from '../../../functions/admin/openapi/document.ts'
import { ENTRIES } from '../../../functions/admin/router.ts'
import { DESCRIPTION, described, type Exchange, findFaults } from '../../support/described-answers.ts'
import { adminWorld, COLLECTOR, sourceBody } from './admin-world.ts'

const METHODS = ['get', 'head', 'post', 'put', 'delete'] as const

const operations = Object.entries<PathItem>(DESCRIPTION.paths).flatMap(([path, item]) =>
  METHODS.flatMap(method => {
    const operation = item[method]
    return operation ? [{ path, method, operation, servers: item.servers ?? DESCRIPTION.servers }] : []
  }),
)

describe('GET /openapi.json', () => {
  it.each(['/openapi.json', '/api/v1/openapi.json', '/v1/openapi.json'])(
    'answers the description at %s to authenticated callers',
    async path => {
      const world = adminWorld()
      const { status, body } = await world.get(path)
      expect(status).toBe(200)
      expect(body).toEqual(JSON.parse(JSON.stringify(DESCRIPTION)))
      const stranger = { method: 'GET', path, headers: { Authorization: undefined } }
      expect((await world.send(stranger)).status).toBe(401)
    },
  )

  it('describes signatures if callers must sign', async () => {
    const world = adminWorld(ports => ({ ...ports, settings: { ...ports.settings, auth: 'iam' } }))
    const { body } = await world.get('/openapi.json')
    expect(body).toMatchObject({
      security: [{ iam: [] }],
      components: { securitySchemes: { iam: { type: 'apiKey', name: 'Authorization' } } },
    })
  })
})

describe('the description', () => {
  it('has exactly the routes of the router', () => {
    const prefixed = operations.flatMap(({ path, method, servers }) =>
      servers.map(({ url }) => `${method.toUpperCase()} ${url === '/' ? '' : url}${path}`),
    )
    const routed = ENTRIES.map(({ method, path }) => `${method} ${path}`)
    expect(prefixed.toSorted()).toEqual(routed.toSorted())
  })

  it('gives each operation its own name, and describes every parameter of its path', () => {
    const names = operations.map(({ operation }) => operation.operationId)
    expect(new Set(names).size).toBe(names.length)
    for (const { path, operation } of operations) {
      const inPath = (operation.parameters ?? []).filter(parameter => parameter.in === 'path')
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? [])
    }
  })

  it('refers to existing schemas only, and uses all of them', () => {
    const { schemas, responses } = DESCRIPTION.components
    const named = Object.keys(schemas).map(name => `#/components/schemas/${name}`)
    const answers = Object.keys(responses).map(name => `#/components/responses/${name}`)
    const referred = Array.from(JSON.stringify(DESCRIPTION).matchAll(/"\$ref":"([^"]+)"/g), ([, to]) => to)
    expect([...named, ...answers]).toEqual(expect.arrayContaining(referred))
    expect(referred).toEqual(expect.arrayContaining(named))
  })

  it('describes only successes that really happen', async () => {
    const had = new Set<string>()
    const world = adminWorld()
    const base = '/api/v1/collectors/100000001'
    const source = `${base}/sources/100000002`
    const field = '/v1/fields/0000000005F5E103'

    async function call(method: string, path: string, body?: unknown, headers = {}) {
      const answer = await world.send({ method, path, body, headers })
      const { template } = described({ method, path }) ?? {}
      had.add(`${method.toLowerCase()} ${template} ${answer.status}`)
      return answer
    }
    /** Sends GET and HEAD, and both again with the tag of the answer. */
    async function read(path: string) {
      const { headers } = await call('GET', path)
      await call('HEAD', path)
      if (headers['etag'] === undefined) return ''
      await call('GET', path, undefined, { 'If-None-Match': headers['etag'] })
      await call('HEAD', path, undefined, { 'If-None-Match': headers['etag'] })
      return String(headers['etag'])
    }
    async function update(path: string, body: object) {
      await call('PUT', path, body, { 'If-Match': await read(path) })
    }

    await call('POST', '/api/v1/collectors?autoEnableFields=true', COLLECTOR)
    await call('POST', `${base}/sources`, sourceBody())
    await call('POST', '/v1/fields', { fieldName: 'team' })
    const lists = ['', '/upgrades/targets', '/100000001/sources']
    for (const list of lists) await read(`/v1/collectors${list}`)
    await read('/v1/collectors/name/Security')
    await read('/v1/collection')
    await update(base, { collector: { id: 100000001, ...COLLECTOR.collector, description: 'x' } })
    await update(source, sourceBody({}, { id: 100000002 }))
    await call('POST', `${base}/sources/test`, sourceBody())
    await call('POST', `${source}/action/restart`)
    await call('POST', `${source}/action/stepOver`, { api: 'sign-in', to: '2026-05-01T00:00:00Z' })
    for (const list of ['/v1/healthEvents', `${source}/healthEvents`]) await read(list)
    const resources = { data: [{ id: '0000000005F5E102', type: 'Source' }] }
    await call('POST', '/v1/healthEvents/resources', resources)
    await read(`${source}/tasks`)
    await call('DELETE', source)
    await call('DELETE', base)
    for (const list of ['', '/builtin', '/dropped', '/quota']) await read(`/v1/fields${list}`)
    for (const one of [field, `${field}/enable`, '/v1/fields/builtin/0000000000000001']) await read(one)
    await call('DELETE', `${field}/disable`)
    await call('PUT', `${field}/enable`, 'null')
    await call('DELETE', field)
    await read('/openapi.json')

    const successes = operations.flatMap(({ path, method, operation }) =>
      Object.keys(operation.responses)
        .filter(status => Number(status) < 400)
        .map(status => `${method} ${path} ${status}`),
    )
    expect([...had].sort()).toEqual(successes.sort())
  })
})

describe('the check of answers against the description', () => {
  const collector = {
    id: 100000001,
    name: 'c',
    timeZone: 'UTC',
    destination: { type: 'lake' },
    fields: {},
    links: [],
    collectorType: 'Hosted',
    collectorVersion: '',
    lastSeenAlive: 1,
    alive: true,
  }
  const etag = `"${'0'.repeat(32)}"`

  const got = (changes: object = {}, body: unknown = { collector }): Exchange => ({
    method: 'GET',
    path: '/v1/collectors/100000001',
    status: 200,
    headers: { etag },
    text: JSON.stringify(body),
    ...changes,
  })
  const error = { status: 404, id: 'AAAAA-BBBBB-CCCCC', code: 'notfound', message: 'm' }

  it('accepts an answer that matches the description', () => {
    expect(findFaults(got())).toEqual([])
    expect(findFaults(got({ status: 404, headers: {} }, error))).toEqual([])
    expect(findFaults(got({ status: 304, text: '' }))).toEqual([])
    expect(findFaults(got({ path: '/nowhere', status: 404 }, error))).toEqual([])
    expect(findFaults(got({ method: 'PATCH', status: 405 }, { ...error, status: 405 }))).toEqual([])
  })

  it.each<[string, Exchange]>([
    ['a member that is not described', got({}, { collector: { ...collector, secret: 1 } })],
    ['a member beside the entity', got({}, { collector, more: 1 })],
    ['a member that is missing', got({}, { collector: { ...collector, links: undefined } })],
    ['a number as a string', got({}, { collector: { ...collector, id: '100000001' } })],
    ['a missing tag', got({ headers: {} })],
    ['a tag without quotes', got({ headers: { etag: '0'.repeat(32) } })],
    ['a body that is no JSON', got({ text: '{' })],
    ['a body where there should be none', got({ status: 304 })],
    ['a body to HEAD', got({ method: 'HEAD' })],
    ['a status that is not described', got({ status: 202 })],
    ['an error in the style of the fields', got({ status: 404 }, { id: error.id, errors: [error] })],
    ['an error of fields in the other style', got({ path: '/v1/fields/x', status: 404 }, error)],
    ['a success of an unknown path', got({ path: '/collectors/100000001' })],
    ['404 for a method that an existing path lacks', got({ method: 'PATCH', status: 404 }, error)],
    ['429 without Retry-After', got({ status: 429, headers: {} }, { ...error, status: 429 })],
    [
      'a success of a request that is not described so',
      got({ method: 'POST', path: '/v1/collectors', status: 201, sent: { collector: { name: 7 } } }),
    ],
  ])('finds %s', (_, exchange) => {
    expect(findFaults(exchange)).not.toEqual([])
  })
})
