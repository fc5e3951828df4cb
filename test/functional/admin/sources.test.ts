import { describe, expect, it } from 'vitest'
import { secretOf } from '../../support/fakes/tokens.ts'
import { adminWorld, NOW_MS, sourceBody, TOKEN, withCollector } from './admin-world.ts'
import { storedSource } from './source-world.ts'

const CREATED_AT = new Date(NOW_MS).toISOString()

describe('sources', () => {
  it('answers a new source as the original does, Pending, 201 and with its tag', async () => {
    const world = adminWorld()
    const { status, headers, body } = await world.post(
      await withCollector(world),
      sourceBody({ category: 'cat', fields: { _siemForward: true }, supported_apis: ['audit', 'SignIn'] }),
    )
    expect(status).toBe(201)
    expect(headers['etag']).toMatch(/^"[0-9a-f]{32}"$/)
    expect(body).toEqual({
      source: {
        id: 100000002,
        name: '1Pass',
        category: 'cat',
        schemaRef: { type: '1Password' },
        config: {
          name: '1Pass',
          category: 'cat',
          fields: { _siemForward: true },
          base_url: 'events.1password.com',
          supported_apis: ['auditEvents', 'sign-in'],
          api_token: '********',
          start_time: '2026-05-05T07:08:09Z',
        },
        state: { state: 'Pending' },
        sourceType: 'Universal',
        alive: true,
      },
    })
  })

  it('stores the token in the secret store and nowhere else', async () => {
    const world = adminWorld()
    await world.post(await withCollector(world), sourceBody())
    const { tokenVersion } = storedSource(world)
    expect([...world.secrets]).toEqual([[100000002, secretOf(TOKEN, tokenVersion)]])
    expect(world.output()).not.toContain(TOKEN)
  })

  it('creates a task for each API and starts them all at once', async () => {
    const world = adminWorld()
    await world.post(await withCollector(world), sourceBody({ start_time: '2026-03-01T00:00:00.9+01:00' }))
    const key = { collectorId: 100000001, sourceId: 100000002 }
    expect(world.tasks).toEqual(
      ['sign-in', 'itemUsage'].map(api => ({
        schema: 4,
        ...key,
        api,
        createdAt: CREATED_AT,
        state: 'Pending',
        reachedMs: { Pending: NOW_MS },
        stateSince: CREATED_AT,
        chain: 1,
        startTime: '2026-02-28T23:00:00Z',
        fence: 0,
        pages: 0,
        events: 0,
      })),
    )
    expect(world.due).toEqual(['sign-in', 'itemUsage'].map(api => ({ ...key, api, reason: 'registered' })))
  })

  it('shows the state and error of its worst task under an unchanged tag', async () => {
    const world = adminWorld()
    const path = await withCollector(world)
    const created = await world.post(path, sourceBody())
    const [first, second] = world.tasks.splice(0)
    const info = '401: {"Error":{"Message":"Unauthorized"}}'
    if (first && second) {
      const error = { type: 'ThirdPartyConfig', code: 401, info, at: CREATED_AT } as const
      world.tasks.push(
        { ...first, version: 1, state: 'Collecting' },
        { ...second, version: 1, state: 'Error', error },
      )
    }
    const { status, headers, body } = await world.get(`${path}/100000002`)
    expect(status).toBe(200)
    expect(headers['etag']).toBe(created.headers['etag'])
    expect(body['source']).toMatchObject({
      state: { state: 'Error', errorType: 'THIRD-PARTY-CONFIG', errorCode: 401, errorInfo: info },
      alive: false,
    })
  })

  it('accepts a name once in a collector, and again in another collector', async () => {
    const world = adminWorld()
    const path = await withCollector(world)
    await world.post(path, sourceBody())
    const { status, body } = await world.post(path, sourceBody())
    expect([status, body['code']]).toEqual([400, 'collectors.validation.name.duplicate'])
    const other = await world.post('/v1/collectors', {
      collector: { collectorType: 'Hosted', name: 'Other' },
    })
    const otherId = (other.body['collector'] as { id: number }).id
    expect((await world.post(`/v1/collectors/${otherId}/sources`, sourceBody())).status).toBe(201)
    expect(world.secrets.size).toBe(2)
  })

  it('finds no source of another collector and none that was not created', async () => {
    const world = adminWorld()
    const path = await withCollector(world)
    await world.post(path, sourceBody())
    await world.post('/v1/collectors', { collector: { collectorType: 'Hosted', name: 'Other' } })
    const invalidSource = {
      status: 404,
      body: expect.objectContaining({ code: 'collectors.source.invalid' }),
    }
    expect(await world.get('/v1/collectors/100000003/sources/100000002')).toMatchObject(invalidSource)
    expect(await world.get(`${path}/100000009`)).toMatchObject(invalidSource)
    expect(await world.get(`${path}/x`)).toMatchObject(invalidSource)
  })

  it('refuses a source of a collector that does not exist before it looks at the source', async () => {
    const { status, body } = await adminWorld().post('/v1/collectors/7/sources', 'not json')
    expect([status, body['code']]).toEqual([404, 'collectors.collector.invalid'])
  })

  it('writes nothing for a source that is refused', async () => {
    const world = adminWorld()
    const path = await withCollector(world)
    const { status, body } = await world.post(
      path,
      sourceBody({ api_token: '********', base_url: 'evil.example' }),
    )
    expect(status).toBe(400)
    expect(body['faults']).toEqual([
      { field: 'config.base_url', message: expect.stringContaining('events.1password.com') },
      { field: 'config.api_token', message: 'is the mask that answers show; give the token itself' },
    ])
    expect([world.secrets.size, world.tasks.length, world.due.length]).toEqual([0, 0, 0])
  })

  it('accepts a body with api.version and the members that clients read and send back', async () => {
    const world = adminWorld()
    const rest = { id: 7, state: { state: 'Collecting' }, alive: true }
    const body = { 'api.version': 'v1', ...sourceBody({}, rest) }
    expect((await world.post(await withCollector(world), body)).status).toBe(201)
  })
})
