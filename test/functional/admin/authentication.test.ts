import { describe, expect, it } from 'vitest'
import { ACCESS_KEY, adminWorld, basic, COLLECTOR } from './admin-world.ts'

const SECONDS = 1000
const OTHER_KEY = { ...ACCESS_KEY, accessKey: 'another-k3y' }

const call = (authorization: string | undefined, path = '/api/v1/collectors/1') => ({
  method: 'GET',
  path,
  headers: { Authorization: authorization },
})

describe('HTTP Basic', () => {
  it.each([
    ['nothing', undefined],
    ['another key', basic(OTHER_KEY)],
    ['another access id', basic({ ...ACCESS_KEY, accessId: 'other' })],
    [
      'the key without its last character',
      basic({ ...ACCESS_KEY, accessKey: ACCESS_KEY.accessKey.slice(0, -1) }),
    ],
    ['empty halves', basic({ accessId: '', accessKey: '' })],
    ['no colon', `Basic ${Buffer.from('nocolon').toString('base64')}`],
    ['text that is no base64', 'Basic ###'],
    ['another scheme', 'Bearer token'],
    ['the scheme alone', 'Basic'],
  ])('refuses %s', async (_, authorization) => {
    const { status, body } = await adminWorld().send(call(authorization))
    expect(status).toBe(401)
    expect(body).toEqual({
      status: 401,
      id: expect.stringMatching(/^[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}$/),
      code: 'unauthorized',
      message: 'Credential could not be verified.',
    })
  })

  it('refuses a call before it says whether the path exists', async () => {
    const world = adminWorld()
    for (const path of ['/api/v1', '/api/v1/collectors', '/nowhere']) {
      expect((await world.send(call(undefined, path))).status).toBe(401)
    }
  })

  it('accepts the scheme in any case and a key with colons', async () => {
    const world = adminWorld()
    world.state.accessKey = { accessId: 'id', accessKey: 'a:b:' }
    expect((await world.send(call(basic(world.state.accessKey).replace('Basic', 'bASIC')))).status).toBe(404)
  })

  it('reads the key once for many calls, and again after a minute', async () => {
    const world = adminWorld()
    for (let i = 0; i < 10; i++) await world.get('/v1/collectors/1')
    expect(world.state.keyReads).toBe(1)
    world.state.nowMs += 60 * SECONDS
    await world.get('/v1/collectors/1')
    expect(world.state.keyReads).toBe(2)
  })

  it('accepts a rotated key within seconds, and then refuses the old one', async () => {
    const world = adminWorld()
    await world.get('/v1/collectors/1')
    world.state.accessKey = OTHER_KEY
    world.state.nowMs += 5 * SECONDS
    expect((await world.send(call(basic(OTHER_KEY)))).status).toBe(404)
    expect((await world.send(call(basic(ACCESS_KEY)))).status).toBe(401)
  })

  it('accepts the previous key until its time is over, also while the secret is kept in memory', async () => {
    const world = adminWorld()
    const validUntil = new Date(world.state.nowMs + 60 * SECONDS).toISOString()
    world.state.accessKey = { ...OTHER_KEY, previous: { ...ACCESS_KEY, validUntil } }
    const statuses = async () => [
      (await world.send(call(basic(OTHER_KEY)))).status,
      (await world.send(call(basic(ACCESS_KEY)))).status,
    ]
    expect(await statuses()).toEqual([404, 404])
    world.state.nowMs += 60 * SECONDS - 1
    expect(await statuses()).toEqual([404, 404])
    world.state.nowMs += 1
    expect(await statuses()).toEqual([404, 401])
    expect(world.state.keyReads).toBeLessThanOrEqual(2)
  })

  it('refuses a mixture of the current and the previous key', async () => {
    const world = adminWorld()
    const previous = { accessId: 'older', accessKey: 'older-k3y', validUntil: '2099-01-01T00:00:00Z' }
    world.state.accessKey = { ...OTHER_KEY, previous }
    const mixtures = [
      { accessId: OTHER_KEY.accessId, accessKey: previous.accessKey },
      { accessId: previous.accessId, accessKey: OTHER_KEY.accessKey },
    ]
    for (const mixture of mixtures) expect((await world.send(call(basic(mixture)))).status).toBe(401)
  })

  it('lets wrong credentials read the secret once in five seconds at most', async () => {
    const world = adminWorld()
    for (let i = 0; i < 100; i++) {
      await world.send(call(basic(OTHER_KEY)))
      world.state.nowMs += 100
    }
    expect(world.state.keyReads).toBeLessThanOrEqual(3)
    expect((await world.get('/v1/collectors/1')).status).toBe(404)
  })

  /** The access key can be read, or not, as `state.down` says. */
  function worldWithOutages() {
    const state = { down: false, reads: 0 }
    const world = adminWorld(ports => ({
      ...ports,
      accessKeys: {
        current: async () => {
          state.reads++
          if (state.down) throw new Error('Secrets Manager is down')
          return await ports.accessKeys.current()
        },
      },
    }))
    const status = async (key: typeof ACCESS_KEY) => (await world.send(call(basic(key)))).status
    return { world, state, status }
  }

  it('keeps the key of the true user in use while strangers ask with wrong ones and it cannot be read', async () => {
    const { world, state, status } = worldWithOutages()
    expect(await status(ACCESS_KEY)).toBe(404)
    state.down = true
    for (let second = 0; second < 59; second++) {
      world.state.nowMs += 1 * SECONDS
      expect([401, 500]).toContain(await status(OTHER_KEY))
      expect([second, await status(ACCESS_KEY)]).toEqual([second, 404])
    }
  })

  it('keeps it no longer than a minute after it was read, whatever strangers do', async () => {
    const { world, state, status } = worldWithOutages()
    await status(ACCESS_KEY)
    state.down = true
    world.state.nowMs += 55 * SECONDS
    expect(await status(OTHER_KEY)).toBe(500)
    world.state.nowMs += 5 * SECONDS - 1
    expect(await status(ACCESS_KEY)).toBe(404)
    world.state.nowMs += 1
    expect(await status(ACCESS_KEY)).toBe(500)
  })

  it('tries to read the key once in five seconds at most for strangers, also while that fails', async () => {
    const { world, state, status } = worldWithOutages()
    await status(ACCESS_KEY)
    state.down = true
    world.state.nowMs += 5 * SECONDS
    const statuses: number[] = []
    for (let i = 0; i < 100; i++) {
      statuses.push(await status(OTHER_KEY))
      world.state.nowMs += 100
    }
    expect(state.reads).toBe(3)
    expect(statuses.filter(each => each === 500)).toHaveLength(2)
  })

  it('accepts a rotated key at the first call after an outage', async () => {
    const { world, state, status } = worldWithOutages()
    await status(ACCESS_KEY)
    state.down = true
    world.state.nowMs += 5 * SECONDS
    world.state.accessKey = OTHER_KEY
    expect(await status(OTHER_KEY)).toBe(500)
    state.down = false
    world.state.nowMs += 5 * SECONDS
    expect(await status(OTHER_KEY)).toBe(404)
    expect(await status(ACCESS_KEY)).toBe(401)
  })

  it('logs a refusal with its origin and without the credential', async () => {
    const world = adminWorld()
    await world.send(call(basic(OTHER_KEY)))
    expect(world.logged).toEqual([
      {
        level: 'warn',
        message: 'admin call refused',
        extra: {
          method: 'GET',
          path: '/api/v1/collectors/1',
          sourceIp: '192.0.2.1',
          metrics: { refusedCalls: 1 },
        },
      },
    ])
  })

  it('is not used if the URL requires SigV4, because AWS verifies the caller', async () => {
    const world = adminWorld(ports => ({ ...ports, settings: { ...ports.settings, auth: 'iam' } }))
    const headers = { Authorization: 'AWS4-HMAC-SHA256 Credential=…' }
    const { status } = await world.send({ method: 'POST', path: '/v1/collectors', body: COLLECTOR, headers })
    expect(status).toBe(201)
    expect(world.state.keyReads).toBe(0)
  })
})
