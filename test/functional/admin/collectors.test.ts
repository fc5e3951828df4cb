import { describe, expect, it } from 'vitest'
import { adminWorld, COLLECTOR, NOW_MS } from './admin-world.ts'

const ERROR_ID = /^[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}$/

describe('collectors', () => {
  it('answers a new collector like the original: 201, with its tag', async () => {
    const { status, headers, body } = await adminWorld().post('/api/v1/collectors', {
      collector: {
        collectorType: 'Hosted',
        name: 'Security',
        description: 'd',
        category: 'onepassword',
        timeZone: 'Etc/UTC',
        fields: { team: 'sec' },
        ephemeral: false,
      },
    })
    expect(status).toBe(201)
    expect(headers['etag']).toMatch(/^"[0-9a-f]{32}"$/)
    expect(headers['content-type']).toBe('application/json')
    expect(body).toEqual({
      collector: {
        id: 100000001,
        name: 'Security',
        description: 'd',
        category: 'onepassword',
        timeZone: 'Etc/UTC',
        destination: { type: 'lake' },
        fields: { team: 'sec' },
        links: [{ rel: 'sources', href: '/v1/collectors/100000001/sources' }],
        collectorType: 'Hosted',
        collectorVersion: '',
        lastSeenAlive: NOW_MS,
        alive: true,
      },
    })
  })

  it('returns it later with the same tag, for both prefixes and with a trailing slash', async () => {
    const world = adminWorld()
    const created = await world.post('/api/v1/collectors', COLLECTOR)
    world.state.nowMs += 86_400_000
    for (const path of [
      '/api/v1/collectors/100000001',
      '/v1/collectors/100000001',
      '/v1/collectors/100000001/',
    ]) {
      const { status, headers, body } = await world.get(path)
      expect(status).toBe(200)
      expect(headers['etag']).toBe(created.headers['etag'])
      expect(body).toEqual({
        collector: { ...(created.body['collector'] as object), lastSeenAlive: world.state.nowMs },
      })
    }
  })

  it('gives different configurations different tags', async () => {
    const world = adminWorld()
    const tags = []
    for (const name of ['a', 'b']) {
      const { headers } = await world.post('/v1/collectors', { collector: { ...COLLECTOR.collector, name } })
      tags.push(headers['etag'])
    }
    expect(new Set(tags).size).toBe(2)
  })

  it('refuses a name that is taken, with the code that clients branch on', async () => {
    const world = adminWorld()
    await world.post('/api/v1/collectors', COLLECTOR)
    const { status, body } = await world.post('/api/v1/collectors', COLLECTOR)
    expect(status).toBe(400)
    expect(body).toEqual({
      status: 400,
      id: expect.stringMatching(ERROR_ID),
      code: 'collectors.validation.name.duplicate',
      message: 'A resource with the same name already exists.',
    })
  })

  it('reports all faults in one answer, for people and for programs', async () => {
    const { status, body } = await adminWorld().post('/api/v1/collectors', {
      collector: { id: 1, collectorType: 'Installable', name: '' },
    })
    expect(status).toBe(400)
    expect(body['code']).toBe('collectors.validation.invalid')
    expect(body['message']).toBe(
      'collectorType: must be "Hosted"; id: must not be given; it is assigned; name: is required.',
    )
    expect(body['faults']).toEqual([
      { field: 'collectorType', message: 'must be "Hosted"' },
      { field: 'id', message: 'must not be given; it is assigned' },
      { field: 'name', message: 'is required' },
    ])
  })

  it('answers with the code of the fault if all faults have the same code', async () => {
    const { body } = await adminWorld().post('/api/v1/collectors', {
      collector: { collectorType: 'Hosted', name: 'x'.repeat(129) },
    })
    expect(body['code']).toBe('collectors.validation.name.length')
  })

  it.each(['100000009', 'abc', '1e9', '-1', '99999999999999999999', '%2e%2e'])(
    'finds no collector %s',
    async id => {
      const { status, body } = await adminWorld().get(`/api/v1/collectors/${id}`)
      expect(status).toBe(404)
      expect(body).toMatchObject({
        code: 'collectors.collector.invalid',
        message: 'The specified Collector ID is invalid.',
      })
    },
  )

  it.each([
    [{ type: 'sumo' }, 'destination.type', 'must be one of lake'],
    [{}, 'destination.type', 'must be one of lake'],
    ['lake', 'destination', 'must be a JSON object'],
    [
      { type: 'lake', url: 'https://example.com' },
      'destination.url',
      'is not known; remove it (known are type)',
    ],
  ])(
    'refuses the destination %j, naming the member and the kinds there are',
    async (destination, field, message) => {
      const { status, body } = await adminWorld().post('/api/v1/collectors', {
        collector: { ...COLLECTOR.collector, destination },
      })
      expect(status).toBe(400)
      expect(body['faults']).toEqual([{ field, message }])
    },
  )

  it('accepts the one destination, which is also the default', async () => {
    const world = adminWorld()
    for (const [name, destination] of Object.entries({ a: { type: 'lake' }, b: null, c: undefined })) {
      const { body } = await world.post('/api/v1/collectors', {
        collector: { ...COLLECTOR.collector, name, destination },
      })
      expect(body['collector']).toMatchObject({ destination: { type: 'lake' } })
    }
  })

  it('is found by its name, however the path spells that', async () => {
    const world = adminWorld()
    const names = ['a.b', 'with space', 'ü/;%\\ ✓', 'offline', '%zz', 'a+b', 'name/']
    for (const name of names) {
      const created = await world.post('/v1/collectors', { collector: { ...COLLECTOR.collector, name } })
      const path = `/api/v1/collectors/name/${encodeURIComponent(name)}`
      for (const at of [path, `${path}/`]) {
        const { status, headers, body } = await world.get(at)
        expect([name, status]).toEqual([name, 200])
        expect(headers['etag']).toBe(created.headers['etag'])
        expect(body).toEqual(created.body)
      }
    }
  })

  it('is found by its name also where the path has been decoded on its way, as an HTTP API does', async () => {
    const world = adminWorld()
    const names = ['env/collector', 'a%2Fb', '100%', 'a+b', 'x/sources/7', 'dir/']
    for (const name of names) {
      await world.post('/v1/collectors', { collector: { ...COLLECTOR.collector, name } })
      for (const path of [name, encodeURIComponent(name)]) {
        const { body } = await world.get(`/v1/collectors/name/${path}`)
        expect([path, body['collector']]).toEqual([path, expect.objectContaining({ name })])
      }
    }
  })

  it('is the one that the encoded path names, if another name is spelt like the path', async () => {
    const world = adminWorld()
    for (const name of ['a%2Fb', 'a/b', 'a/b/']) {
      await world.post('/v1/collectors', { collector: { ...COLLECTOR.collector, name } })
    }
    const found = async (path: string) =>
      ((await world.get(`/v1/collectors/name/${path}`)).body['collector'] as { name: string }).name
    expect(await found('a%2Fb')).toBe('a/b')
    expect(await found('a/b')).toBe('a/b')
    expect(await found('a/b/')).toBe('a/b')
    expect(await found('a%2Fb%2F')).toBe('a/b/')
    expect(await found('a%252Fb')).toBe('a%2Fb')
  })

  it('can only be read by its name, also by one with slashes', async () => {
    const { status, headers } = await adminWorld().send({ method: 'DELETE', path: '/v1/collectors/name/a/b' })
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD'])
  })

  it.each(['nobody', 'security', '%E0%A4%A', '%00'])('finds no collector with the name %s', async name => {
    const world = adminWorld()
    await world.post('/v1/collectors', COLLECTOR)
    const { status, body } = await world.get(`/v1/collectors/name/${name}`)
    expect([status, body['code']]).toEqual([404, 'collectors.collector.invalid'])
  })
})
