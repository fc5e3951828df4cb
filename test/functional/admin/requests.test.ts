import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ACCESS_KEY, adminWorld, COLLECTOR, sourceBody, TOKEN, withCollector } from './admin-world.ts'

const PATH = '/api/v1/collectors'

describe('routes', () => {
  it.each([
    ['POST', '/'],
    ['GET', '/api/v1'],
    ['GET', '/api/v2/collectors'],
    ['GET', '/api/v1/collectors/1/sources/2/3'],
    ['POST', '/api/v1//collectors'],
    ['GET', '/api/v1/constructor'],
    ['GET', '/openapiXjson'],
  ])('answers 404 to %s %s', async (method, path) => {
    const { status, body } = await adminWorld().send({ method, path })
    expect(status).toBe(404)
    expect(body).toMatchObject({ code: 'notfound', message: 'Requested resource could not be found.' })
  })

  it.each([
    ['PATCH', PATH],
    ['DELETE', `${PATH}/`],
    ['PATCH', '/v1/collectors/1'],
    ['PATCH', '/v1/collectors/1/sources/2'],
    ['FOO', PATH],
    ['OPTIONS', PATH],
    ['POST', '/v1/fields/quota'],
    ['PUT', '/v1/collectors/upgrades/targets'],
    ['POST', '/v1/collectors/name/x'],
  ])('answers 405 to %s %s and names the allowed methods', async (method, path) => {
    const { status, headers, text } = await adminWorld().send({ method, path })
    expect(status).toBe(405)
    expect(text).toContain('"code":"method.unsupported","message":"Unsupported method for URL."')
    expect(headers['allow']).toMatch(/^[A-Z]+(, [A-Z]+)*$/)
    expect(String(headers['allow']).split(', ')).not.toContain(method)
  })
})

describe('HEAD', () => {
  it('is answered like GET, without the body', async () => {
    const world = adminWorld()
    await withCollector(world)
    for (const path of [PATH, `${PATH}/100000001`, `${PATH}/7`, '/nowhere', '/v1/fields']) {
      const [got, head] = [await world.get(path), await world.send({ method: 'HEAD', path })]
      expect([head.status, head.headers, head.text]).toEqual([got.status, got.headers, ''])
    }
  })
})

describe('other parts of a request', () => {
  it('are ignored if they have no meaning: bodies of reads, Expect, unknown parameters', async () => {
    const world = adminWorld()
    await withCollector(world)
    const headers = { Expect: '100-continue', 'Content-Type': 'text/plain' }
    for (const path of [PATH, `${PATH}/100000001`, '/v1/fields?x=1&x=2&%zz=%zz']) {
      const { status } = await world.send({ method: 'GET', path, body: 'a body', headers })
      expect([path, status]).toEqual([path, 200])
    }
    for (const body of [undefined, 'null', '{}', Buffer.from([0xff])]) {
      const created = await world.post(PATH, { collector: { ...COLLECTOR.collector, name: 'deleted' } })
      const { id } = created.body['collector'] as { id: number }
      const { status } = await world.send({ method: 'DELETE', path: `${PATH}/${id}`, body })
      expect(status).toBe(200)
    }
  })
})

describe('bodies', () => {
  it('may be JSON in base64, with a charset, without a type, and with a byte order mark', async () => {
    const bodies = ['a', 'b', 'c', 'd'].map(name =>
      JSON.stringify({ collector: { ...COLLECTOR.collector, name } }),
    )
    const [a, b, c, d] = bodies
    const world = adminWorld()
    const post = { method: 'POST', path: PATH }
    const answers = [
      await world.send({ ...post, body: a, base64: true }),
      await world.send({ ...post, body: b, headers: { 'Content-Type': 'Application/JSON; charset=UTF-8' } }),
      await world.send({ ...post, body: c, headers: { 'Content-Type': undefined } }),
      await world.send({ ...post, body: `\ufeff${d}`, base64: true }),
    ]
    expect(answers.map(answer => answer.status)).toEqual([201, 201, 201, 201])
  })

  it.each([
    ['nothing', undefined, 400],
    ['an empty text', '', 400],
    ['null', 'null', 400],
    ['a list', '[]', 400],
    ['another entity', '{"source":{}}', 400],
    ['a list of entities', '{"collector":[{}]}', 400],
    ['an inherited member', '{"__proto__":{"collector":{}}}', 400],
    ['half of an object', '{"collector":', 400],
    ['ten thousand brackets', '['.repeat(10_000), 400],
    ['more than 256 KiB', `"${'x'.repeat(256 * 1024)}"`, 413],
  ])('refuses %s', async (_, body, wanted) => {
    const { status, body: error } = await adminWorld().send({ method: 'POST', path: PATH, body })
    expect(status).toBe(wanted)
    expect(error['message']).toMatch(/body/)
  })

  it('refuses bytes that are not UTF-8', async () => {
    const world = adminWorld()
    const { status, body } = await world.send({
      method: 'POST',
      path: PATH,
      body: Buffer.from([0x7b, 0xff, 0x7d]),
    })
    expect([status, body['message']]).toEqual([400, 'The request body is not valid UTF-8.'])
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])(
    'answers 415 to %s, but only to a body',
    async type => {
      const world = adminWorld()
      const headers = { 'Content-Type': type }
      const { status, body } = await world.send({ method: 'POST', path: PATH, body: COLLECTOR, headers })
      expect([status, body['code']]).toEqual([415, 'contenttype.invalid'])
      expect((await world.send({ method: 'GET', path: `${PATH}/1`, headers })).status).toBe(404)
    },
  )

  it('get an error that says where the JSON is broken without quoting it, because it may hold the token', async () => {
    const world = adminWorld()
    const body = `{"source":{"config":{"api_token":"${TOKEN}"\n "name"}}}`
    const { status, body: error } = await world.post(await withCollector(world), body)
    expect(status).toBe(400)
    expect(error['message']).toBe('The request body is not valid JSON. See line 2, column 2.')
    await world.post(await withCollector(adminWorld()), `{"api_token":${TOKEN}}`)
    expect(world.output()).not.toContain(TOKEN)
  })
})

describe('any request', () => {
  it('is answered with a status below 500 and without token or key', async () => {
    const world = adminWorld()
    const path = await withCollector(world)
    const scalar = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null))
    const value = fc.oneof(
      scalar,
      fc.array(scalar, { maxLength: 3 }),
      fc.dictionary(fc.string(), scalar, { maxKeys: 3 }),
    )
    const settings = [
      'name',
      'description',
      'category',
      'fields',
      'base_url',
      'supported_apis',
      'start_time',
      'x',
    ]
    const config = fc.record(Object.fromEntries(settings.map(name => [name, value])), { requiredKeys: [] })
    const body = fc.oneof(
      config.map(members => sourceBody(members)),
      value.map(whole => sourceBody({}, { config: whole })),
      config.map(members => ({ collector: { ...COLLECTOR.collector, ...members } })),
      fc.json(),
    )
    const where = fc.oneof(
      fc.constantFrom(PATH, path),
      fc.webPath().map(rest => `/${rest}`),
    )
    await fc.assert(
      fc.asyncProperty(where, body, fc.boolean(), async (at, sent, base64) => {
        const { status } = await world.send({ method: 'POST', path: at, body: sent, base64 })
        expect(status).toBeGreaterThanOrEqual(200)
        expect(status).toBeLessThan(500)
      }),
      { numRuns: 1000 },
    )
    expect(world.output()).not.toContain(TOKEN)
    expect(world.output()).not.toContain(ACCESS_KEY.accessKey)
  })
})
