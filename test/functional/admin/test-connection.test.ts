import { describe, expect, it } from 'vitest'
import { NetworkFailure } from '../../../shared/domain/failure/network-failure.ts'
import { failed, unauthorized } from '../../support/fakes/events-api.ts'
import { NOW_MS, sourceBody, TOKEN } from './admin-world.ts'
import { collected, SOURCE_ID, sourceWorld } from './source-world.ts'

const NOW = new Date(NOW_MS).toISOString()

interface Test {
  readonly ok: boolean
  readonly apis: readonly object[]
  readonly faults: readonly { readonly field: string; readonly message: string }[]
}

async function testWorld(config: object = {}) {
  const { world, sources, path } = await sourceWorld(config)
  const post = (body: object) => world.post(`${sources}/test`, body)
  const test = async (change: object = {}, rest: object = {}) => {
    const answer = await post(sourceBody({ name: 'new', ...change }, rest))
    expect(answer.status).toBe(200)
    return answer.body['test'] as Test
  }
  return { world, sources, path, post, test, api: world.ports.eventsApi }
}

const READABLE = [
  { api: 'sign-in', readable: true },
  { api: 'itemUsage', readable: true },
]

/** A token that says when it expires. */
const expiring = (ms: number): string =>
  `eyJh.${Buffer.from(JSON.stringify({ exp: ms / 1000 })).toString('base64url')}.sig`

describe('the test of a connection with a given token', () => {
  it('says what the token may read, of which account and until when', async () => {
    const { test, api } = await testWorld()
    const expires = Date.parse('2026-09-01T00:00:00Z')
    api.token = expiring(expires)
    expect(await test({ api_token: api.token })).toEqual({
      ok: true,
      token: 'given',
      testedAt: NOW,
      account: 'A',
      expires: '2026-09-01T00:00:00.000Z',
      apis: READABLE,
      faults: [],
    })
  })

  it('makes one request and saves nothing', async () => {
    const { world, test, api } = await testWorld()
    const before = world.output()
    const secrets = JSON.stringify([...world.secrets])
    await test()
    expect(api.calls.map(({ method, path, baseUrl }) => [method, path, baseUrl])).toEqual([
      ['GET', '/api/v2/auth/introspect', 'https://events.1password.com'],
    ])
    expect(api.calls[0]?.timeoutMs).toBe(10_000)
    expect(JSON.stringify([...world.secrets])).toBe(secrets)
    const { collectors, sources, names } = world.ports.registry.stored
    expect([collectors.size, sources.size, names.size, world.tasks.length]).toEqual([1, 1, 2, 2])
    expect([world.due, world.stopping, before.includes('new')]).toEqual([[], [], false])
  })

  it('names at its field each API that the token may not read', async () => {
    const { test, api } = await testWorld()
    api.features = ['itemusages']
    expect(await test()).toMatchObject({
      ok: false,
      apis: [
        { api: 'sign-in', readable: false },
        { api: 'itemUsage', readable: true },
      ],
      faults: [{ field: 'config.supported_apis', message: expect.stringContaining('lacks the feature') }],
    })
  })

  it('finds a token that has expired, although 1Password still takes it', async () => {
    const { test, api } = await testWorld()
    api.token = expiring(NOW_MS - 1000)
    const { ok, faults } = await test({ api_token: api.token })
    expect([ok, faults]).toEqual([
      false,
      [{ field: 'config.api_token', message: expect.stringMatching(/^has expired at 2026/) }],
    ])
  })

  it.each([
    ['refuses the token', unauthorized, 'config.api_token', '401: '],
    ['has no such path', failed(404), 'config.base_url', '404: '],
    ['takes no more requests', failed(429), 'config.base_url', '429: '],
    ['has trouble', failed(503), 'config.base_url', '503: '],
    ['redirects', failed(302), 'config.base_url', '302: '],
    [
      'answers with something else',
      { status: 200, body: Buffer.from('<html>') },
      'config.base_url',
      'not an introspection',
    ],
  ])('says at the field what to mend if the other side %s', async (_, answer, field, message) => {
    const { test, api } = await testWorld()
    api.answering = () => answer
    const { ok, apis, faults } = await test()
    expect(ok).toBe(false)
    expect(apis).toEqual(READABLE.map(each => ({ ...each, readable: false })))
    expect(faults).toEqual([{ field, message: expect.stringContaining(message) }])
  })

  it('says that nobody answers, and why', async () => {
    const { test, api } = await testWorld()
    api.answering = () => Promise.reject(new NetworkFailure({ reason: 'dns', at: 'x', detail: 'ENOTFOUND' }))
    expect((await test()).faults).toEqual([
      { field: 'config.base_url', message: expect.stringContaining('name resolution') },
    ])
  })

  it('shows no token, also if a proxy sends it back', async () => {
    const { world, test, api } = await testWorld()
    api.answering = () => ({ status: 403, body: Buffer.from(`{"got":"Bearer ${TOKEN}"}`) })
    const { faults } = await test()
    expect(faults[0]?.message).toContain('********')
    expect(world.output()).not.toContain(TOKEN)
  })

  it('refuses what a create would refuse, all faults at once, without a request', async () => {
    const { post, api } = await testWorld()
    const answer = await post(
      sourceBody({ base_url: 'evil.example', api_token: '********', supported_apis: [] }),
    )
    expect(answer.status).toBe(400)
    expect((answer.body['faults'] as { field: string }[]).map(({ field }) => field)).toEqual([
      'config.base_url',
      'config.supported_apis',
      'config.api_token',
    ])
    expect(api.calls).toEqual([])
  })

  it.each([
    'http://169.254.169.254',
    'https://events.1password.com@evil.example',
    'https://events.1password.com.evil.example',
    'events.1password.com:8443',
    'http://127.0.0.1:8080',
    'https://events.1password.com/redirect',
  ])('sends a token to no other host than the allowed ones: %s', async base_url => {
    const { post, api } = await testWorld()
    expect((await post(sourceBody({ base_url }))).status).toBe(400)
    expect(api.calls).toEqual([])
  })

  it('is 404 for a collector that does not exist', async () => {
    const { world } = await testWorld()
    expect((await world.post('/v1/collectors/7/sources/test', sourceBody())).status).toBe(404)
  })

  it('counts as ten calls', async () => {
    const { world, sources } = await testWorld()
    const limits = { perSecond: 1, burst: 20, inFlight: 10 }
    world.readapt(ports => ({ ...ports, settings: { ...ports.settings, callLimits: limits } }))
    const statuses = []
    for (let i = 0; i < 3; i++) statuses.push((await world.post(`${sources}/test`, sourceBody())).status)
    expect(statuses).toEqual([200, 200, 429])
  })
})

describe('the test of an existing source', () => {
  const MASKED = { api_token: '********' }
  const WELL = { state: 'Collecting', version: 1, lastSuccessAt: NOW, accountUuid: 'ACC' } as const

  it('with its stored token says what its runs have found, without a request', async () => {
    const { world, test, api } = await testWorld()
    collected(world, { ...WELL, tokenExpires: '2026-09-01T09:30:00.000Z' })
    expect(await test(MASKED, { id: SOURCE_ID })).toEqual({
      ok: true,
      token: 'stored',
      testedAt: NOW,
      account: 'ACC',
      expires: '2026-09-01T09:30:00.000Z',
      apis: READABLE,
      faults: [],
    })
    expect(api.calls).toEqual([])
  })

  it('with its stored token names the errors of its runs at their fields', async () => {
    const { world, test } = await testWorld()
    collected(world, WELL)
    const error = { type: 'ThirdPartyConfig', code: 401, info: '401: no — Update.', at: NOW } as const
    collected(world, { state: 'Error', error, halted: true }, 'itemUsage')
    expect(await test(MASKED, { id: SOURCE_ID })).toMatchObject({
      ok: false,
      apis: [
        { api: 'sign-in', readable: true },
        { api: 'itemUsage', readable: false },
      ],
      faults: [{ field: 'config.api_token', message: 'Item Usage: 401: no — Update' }],
    })
  })

  it.each([
    ['another base URL', { base_url: 'events.1password.eu' }],
    ['an API that it did not have', { supported_apis: ['sign-in', 'itemUsage', 'auditEvents'] }],
  ])('with its stored token and %s says that this was not tested', async (_, change) => {
    const { world, test } = await testWorld()
    collected(world, WELL)
    const { ok, faults } = await test({ ...MASKED, ...change }, { id: SOURCE_ID })
    expect(ok).toBe(false)
    expect(faults).toEqual([
      { field: 'config.api_token', message: expect.stringContaining('give the token') },
    ])
  })

  it('says that nothing was tested before its first run', async () => {
    const { test } = await testWorld()
    const untested = await test(MASKED, { id: SOURCE_ID })
    expect(untested).toMatchObject({ ok: false, apis: [{ api: 'sign-in' }, { api: 'itemUsage' }] })
    expect(untested).not.toHaveProperty('testedAt')
  })

  it('with another token tests that one', async () => {
    const { test, api } = await testWorld()
    expect(await test({}, { id: SOURCE_ID })).toMatchObject({ ok: true, token: 'given' })
    expect(api.calls).toHaveLength(1)
  })

  it.each([7, 'x', 1.5, [SOURCE_ID]])('is 404 for the id %j', async id => {
    const { post } = await testWorld()
    expect((await post(sourceBody(MASKED, { id }))).status).toBe(404)
  })

  it('that is being deleted is refused', async () => {
    const { world, path, post } = await testWorld()
    await world.delete(path)
    expect((await post(sourceBody({}, { id: SOURCE_ID }))).status).toBe(400)
  })
})
