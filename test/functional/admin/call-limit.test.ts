import { describe, expect, it } from 'vitest'
import { CALL_LIMITS } from '../../../shared/contract/limits.ts'
import { adminWorld, basic } from './admin-world.ts'

const PATH = '/v1/collectors'

function limited(over: object = {}) {
  return adminWorld(ports => ({
    ...ports,
    settings: { ...ports.settings, callLimits: { ...CALL_LIMITS, ...over } },
  }))
}

const statuses = async (world: ReturnType<typeof limited>, count: number): Promise<number[]> => {
  const answers = []
  for (let i = 0; i < count; i++) answers.push((await world.get(PATH)).status)
  return answers
}

describe('the limit of calls', () => {
  it('allows twenty calls at once and refuses the next one with 429 and the time to wait', async () => {
    const world = limited()
    expect(await statuses(world, 20)).toEqual(Array(20).fill(200))
    const { status, headers, body } = await world.get(PATH)
    expect(status).toBe(429)
    expect(headers['retry-after']).toBe('1')
    expect(body).toMatchObject({ status: 429, code: 'rate.limit.exceeded' })
  })

  it('allows four more calls each second, and at most twenty after a pause', async () => {
    const world = limited()
    await statuses(world, 20)
    for (let second = 0; second < 3; second++) {
      world.state.nowMs += 1000
      expect(await statuses(world, 6)).toEqual([200, 200, 200, 200, 429, 429])
    }
    world.state.nowMs += 3_600_000
    expect((await statuses(world, 25)).filter(status => status === 200)).toHaveLength(20)
  })

  it('never refuses a client that sends four calls a second', async () => {
    const world = limited()
    for (let i = 0; i < 200; i++) {
      expect((await world.get(PATH)).status).toBe(200)
      world.state.nowMs += 250
    }
  })

  it('refuses the eleventh call while ten are under way, and none when they have ended', async () => {
    const gate = Promise.withResolvers<void>()
    const world = adminWorld(ports => ({
      ...ports,
      registry: { ...ports.registry, collectors: () => gate.promise.then(() => []) },
      settings: { ...ports.settings, callLimits: { ...CALL_LIMITS, perSecond: 1e6, burst: 1e6 } },
    }))
    const ten = Array.from({ length: 10 }, () => world.get(PATH))
    expect((await world.get(PATH)).status).toBe(429)
    gate.resolve()
    expect((await Promise.all(ten)).map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect((await world.get(PATH)).status).toBe(200)
  })

  it('counts failed calls too, and releases their place', async () => {
    const world = limited({ inFlight: 1, burst: 3 })
    const answers = []
    for (let i = 0; i < 4; i++) answers.push((await world.get('/nowhere')).status)
    expect(answers).toEqual([404, 404, 404, 429])
  })

  it('is not used up by calls without a credential', async () => {
    const world = limited({ burst: 2 })
    const headers = { Authorization: basic({ accessId: 'op0a1b2c3d', accessKey: 'wrong' }) }
    for (let i = 0; i < 50; i++) {
      expect((await world.send({ method: 'GET', path: PATH, headers })).status).toBe(401)
    }
    expect((await world.get(PATH)).status).toBe(200)
  })

  it('is separate for each signed caller if AWS verifies the callers', async () => {
    const world = adminWorld(ports => ({
      ...ports,
      settings: { ...ports.settings, auth: 'iam', callLimits: { ...CALL_LIMITS, burst: 1 } },
    }))
    const from = (accessKey: string) =>
      world.send({ method: 'GET', path: PATH, context: { authorizer: { iam: { accessKey } } } })
    expect([(await from('a')).status, (await from('a')).status, (await from('b')).status]).toEqual([
      200, 429, 200,
    ])
  })

  it('is answered in the error style of the newer calls for those', async () => {
    const world = limited({ burst: 1 })
    await world.get('/v1/fields')
    const { status, body } = await world.get('/v1/fields')
    expect(status).toBe(429)
    expect(body).toEqual({
      id: expect.any(String),
      errors: [{ code: 'rate.limit.exceeded', message: expect.any(String) }],
    })
  })
})
