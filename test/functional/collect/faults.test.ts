import { describe, expect, it } from 'vitest'
import { NetworkFailure } from '../../../shared/domain/failure.ts'
import {
  type CollectWorld,
  collectWorld,
  eventsFrom,
  ledgerLines,
  uuidsOf,
} from '../../support/collect-world.ts'
import { answered, badRequest, failed, unauthorized } from '../../support/fakes/events-api.ts'

const isPage = ({ method }: { method: string }): boolean => method === 'POST'
const isCursor = ({ body }: { body?: string }): boolean => body?.includes('"cursor"') ?? false
const pages = (world: CollectWorld) => world.eventsApi.calls.filter(isPage)

describe('an answer of 1Password', () => {
  it.each([
    ['401', unauthorized, 'ThirdPartyConfig', 401, '{"Error":{"Message":"Unauthorized"}}'],
    ['403', failed(403), 'ThirdPartyConfig', 403, 'api_token'],
    [
      '404 as text',
      { status: 404, body: Buffer.from('404 page not found') },
      'ThirdPartyConfig',
      404,
      '404 page not found',
    ],
    ['400 to a reset cursor', badRequest, 'ThirdPartyConfig', 400, 'start_time'],
  ] as const)(
    '%s halts the task as a configuration error, without asking again',
    async (_name, refusal, type, code, text) => {
      const world = collectWorld({ events: eventsFrom(0, 5) })
      world.eventsApi.answering = call => (isPage(call) ? refusal : undefined)
      const report = await world.run()
      expect(report).toMatchObject({ outcome: 'failed', error: { type, code } })
      expect(world.taskNow()).toMatchObject({ state: 'Error', halted: true, error: { type, code } })
      expect(world.taskNow().error?.info).toContain(text)
      expect(pages(world)).toHaveLength(1)
      expect((await world.run()).outcome).toBe('busy')
    },
  )

  it.each([
    ['408', failed(408), 408],
    ['429', failed(429), 429],
    ['500', failed(500), 500],
    ['503', failed(503), 503],
    ['a redirect', failed(302), 302],
    ['a 200 that is not JSON', answered('<html>'), 200],
    ['a 200 without a cursor', answered('{"items":[],"has_more":false}'), 200],
  ])(
    '%s is asked for three times, then fails the run and leaves the task for the next tick',
    async (_name, refusal, code) => {
      const world = collectWorld({ events: eventsFrom(0, 5) })
      world.eventsApi.answering = call => (isPage(call) ? refusal : undefined)
      expect((await world.run()).outcome).toBe('failed')
      expect(pages(world)).toHaveLength(3)
      expect(world.taskNow()).toMatchObject({ state: 'Error', error: { type: 'ThirdPartyGeneric', code } })
      expect(world.taskNow().halted).toBeUndefined()
      world.eventsApi.answering = () => undefined
      expect((await world.run()).outcome).toBe('drained')
      expect(world.taskNow()).toMatchObject({ state: 'Collecting' })
      expect(world.taskNow().error).toBeUndefined()
      expect(uuidsOf(ledgerLines(world))).toHaveLength(5)
    },
  )

  it('that never comes is a passing trouble of 1Password, with the reason', async () => {
    const world = collectWorld()
    world.eventsApi.answering = () => {
      throw new NetworkFailure('1Password could not be reached at https://x: the connection was refused')
    }
    await world.run()
    expect(world.taskNow().error).toMatchObject({ type: 'ThirdPartyGeneric', code: 0 })
    expect(world.taskNow().error?.info).toContain('the connection was refused')
  })

  it('with Retry-After is waited for as long as it says', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    let refusals = 1
    world.eventsApi.answering = call => (isPage(call) && refusals-- > 0 ? failed(429, '17') : undefined)
    expect((await world.run()).outcome).toBe('drained')
    expect(world.clock.slept).toContain(17_000)
  })

  it('with a Retry-After beyond the time left fails the run at once', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    world.eventsApi.answering = call => (isPage(call) ? failed(429, '3600') : undefined)
    expect((await world.run()).outcome).toBe('failed')
    expect(pages(world)).toHaveLength(1)
    expect(world.clock.slept).not.toContain(3_600_000)
  })

  it('that fails in the middle of a backlog keeps what was committed', async () => {
    const world = collectWorld({ events: eventsFrom(0, 35) })
    world.eventsApi.answering = () => (pages(world).length > 2 ? failed(500) : undefined)
    expect(await world.run()).toMatchObject({ outcome: 'failed', pages: 2, events: 20 })
    expect(uuidsOf(ledgerLines(world))).toHaveLength(20)
    world.eventsApi.answering = () => undefined
    await world.run()
    expect(uuidsOf(ledgerLines(world))).toHaveLength(35)
  })
})

describe('the token', () => {
  it('is read again after a 401, and the new one used without a word', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    world.eventsApi.token = 'rotated'
    world.secret.token = 'rotated'
    world.eventsApi.events.push(...eventsFrom(5, 2, Date.parse('2026-03-02T00:00:00Z')))
    expect((await world.run()).outcome).toBe('drained')
    expect(world.secret.reads).toBe(2)
    expect(uuidsOf(ledgerLines(world))).toHaveLength(7)
  })

  it('without the feature of the API is a configuration error that names the feature', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    world.eventsApi.features = ['itemusages']
    await world.run()
    expect(world.taskNow()).toMatchObject({
      state: 'Error',
      halted: true,
      error: { type: 'ThirdPartyConfig' },
    })
    expect(world.taskNow().error?.info).toContain('"signinattempts"')
    expect(pages(world)).toHaveLength(0)
  })

  it('that no header can carry is a configuration error', async () => {
    const world = collectWorld()
    world.secret.token = 'two words\n'
    await world.run()
    expect(world.taskNow().error).toMatchObject({ type: 'ThirdPartyConfig' })
    expect(world.eventsApi.calls).toHaveLength(0)
  })

  it('is introspected on the first run and after a change of the source only', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    await world.run()
    const introspections = () => world.eventsApi.calls.filter(({ method }) => method === 'GET')
    expect(introspections()).toHaveLength(1)
    const { current } = world.registered
    if (current) world.registered.current = { ...current, source: { ...current.source, version: 2 } }
    await world.run()
    expect(introspections()).toHaveLength(2)
  })

  it('is not sent to a host that is not allowed', async () => {
    const world = collectWorld()
    const { current } = world.registered
    if (current)
      world.registered.current = {
        ...current,
        source: { ...current.source, baseUrl: 'https://evil.example' },
      }
    await world.run()
    expect(world.eventsApi.calls).toHaveLength(0)
    expect(world.taskNow().error).toMatchObject({ type: 'ThirdPartyConfig' })
  })

  it('is in no log line, no task, no lake object and no answer', async () => {
    const world = collectWorld({ events: eventsFrom(0, 25) })
    const reports = [await world.run()]
    world.eventsApi.answering = () => unauthorized
    reports.push(await world.run())
    const all = JSON.stringify([
      world.logged,
      world.taskNow(),
      [...world.ports.lake.objects],
      reports,
      world.published,
    ])
    expect(all).not.toContain(world.eventsApi.token)
  })
})

describe('a cursor that 1Password refuses', () => {
  it('is replaced by a reset cursor, and no event of the overlap is delivered twice', async () => {
    const world = collectWorld({ events: eventsFrom(0, 25) })
    await world.run()
    world.eventsApi.events.push(...eventsFrom(25, 4, Date.parse('2026-02-28T00:25:00Z')))
    let refusals = 1
    world.eventsApi.answering = call => (isCursor(call) && refusals-- > 0 ? badRequest : undefined)
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 4 })
    expect(world.eventsApi.calls.at(-2)?.body).toContain('"start_time":"2026-02-28T00:14:00Z"')
    expect(uuidsOf(ledgerLines(world))).toEqual(Array.from({ length: 29 }, (_, i) => `E${i}`))
    expect(world.taskNow().overlap).toBeUndefined()
  })

  it('is replaced without doubles though the run dies in the overlap', async () => {
    const resetRun = async () => {
      const world = collectWorld({ events: eventsFrom(0, 25), pageSize: 3 })
      await world.run()
      world.eventsApi.events.push(...eventsFrom(25, 4, Date.parse('2026-02-28T00:25:00Z')))
      let refusals = 1
      world.eventsApi.answering = call => (isCursor(call) && refusals-- > 0 ? badRequest : undefined)
      return world
    }
    const { effects } = await (await resetRun()).runUntilKilled()
    for (const at of effects.keys()) {
      const world = await resetRun()
      await world.runUntilKilled({ at, phase: 'after' })
      world.expireLease()
      await world.run()
      expect(uuidsOf(ledgerLines(world)), `killed after ${effects[at]}`).toHaveLength(29)
      expect(new Set(uuidsOf(ledgerLines(world))).size).toBe(29)
    }
  })

  it('is replaced without doubles though the overlap is longer than a run', async () => {
    const world = collectWorld({ events: eventsFrom(0, 25), pageSize: 1 })
    await world.run()
    let refusals = 1
    world.eventsApi.answering = call => {
      world.clock.advance(9_000)
      return isCursor(call) && refusals-- > 0 ? badRequest : undefined
    }
    const outcomes: string[] = []
    for (let runs = 0; runs < 10 && outcomes.at(-1) !== 'drained'; runs++)
      outcomes.push((await world.run(world.ports, 80)).outcome)
    expect(outcomes).toContain('continued')
    expect(uuidsOf(ledgerLines(world))).toEqual(Array.from({ length: 25 }, (_, i) => `E${i}`))
  })

  it('is not replaced before what an earlier run wrote at it was adopted', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    world.eventsApi.events.push(...eventsFrom(5, 3, Date.parse('2026-02-28T06:00:00Z')))
    const { create } = world.ports.lake
    world.ports.lake.create = async (...args) => {
      await create(...args)
      throw new Error('socket hang up')
    }
    await world.run()
    world.ports.lake.create = create
    let refusals = 1
    world.eventsApi.answering = call => (isCursor(call) && refusals-- > 0 ? badRequest : undefined)
    await world.run()
    expect(uuidsOf(ledgerLines(world))).toEqual(Array.from({ length: 8 }, (_, i) => `E${i}`))
  })

  it('and refused again at once is a configuration error', async () => {
    const world = collectWorld({ events: eventsFrom(0, 25) })
    await world.run()
    world.eventsApi.answering = call => (isCursor(call) ? badRequest : undefined)
    await world.run()
    expect(world.taskNow()).toMatchObject({ halted: true, error: { type: 'ThirdPartyConfig', code: 400 } })
  })
})

describe('our own side', () => {
  it.each(['lake', 'tokens'] as const)(
    'failing at %s is a FirstPartyGeneric error that says at what',
    async port => {
      const world = collectWorld({ events: eventsFrom(0, 5) })
      const broken = new Proxy(world.ports[port], {
        get: () => () => Promise.reject(new Error('no route to host')),
      })
      expect((await world.run({ ...world.ports, [port]: broken })).outcome).toBe('failed')
      expect(world.taskNow()).toMatchObject({
        state: 'Error',
        error: { type: 'FirstPartyGeneric', code: 500 },
      })
      expect(world.taskNow().error?.info).toMatch(
        /no route to host, while (writing the page|reading the token)/,
      )
    },
  )

  it('failing at the table ends the invocation with an error, so that Lambda reports the run dead', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    const save = () => Promise.reject(new Error('throttled'))
    await expect(world.run({ ...world.ports, tasks: { ...world.ports.tasks, save } })).rejects.toThrow(
      'throttled',
    )
  })
})

describe('a backlog longer than a run', () => {
  it('is continued at once by another run, which goes on where this one stopped', async () => {
    const world = collectWorld({ events: eventsFrom(0, 95) })
    world.eventsApi.answering = () => void world.clock.advance(9_000)
    expect((await world.run(world.ports, 100)).outcome).toBe('continued')
    expect(world.published).toMatchObject([{ sourceId: 100000002, api: 'sign-in', reason: 'continuation' }])
    expect(world.taskNow().leaseOwner).toBeUndefined()
    for (let runs = 0; runs < 10 && (await world.run(world.ports, 100)).outcome === 'continued'; runs++);
    expect(uuidsOf(ledgerLines(world))).toHaveLength(95)
  })

  it('is not lost with its continuation: the task is free for the next tick', async () => {
    const world = collectWorld({ events: eventsFrom(0, 95) })
    world.eventsApi.answering = () => void world.clock.advance(9_000)
    const bus = { publishDue: () => Promise.reject(new Error('bus down')) }
    expect((await world.run({ ...world.ports, bus }, 100)).outcome).toBe('continued')
    expect(world.taskNow().leaseOwner).toBeUndefined()
  })

  it('is asked for within the share of the rate limit', async () => {
    const world = collectWorld({ events: eventsFrom(0, 500), pageSize: 1 })
    const times: number[] = []
    world.eventsApi.answering = () => void times.push(world.clock.now())
    for (let runs = 0; runs < 10 && (await world.run()).outcome === 'continued'; runs++);
    expect(times.length).toBeGreaterThan(500)
    const inMinuteFrom = (from: number) => times.filter(at => at >= from && at < from + 60_000).length
    expect(Math.max(...times.map(inMinuteFrom))).toBeLessThanOrEqual(200)
  })

  it('has the next page fetched while one is delivered', async () => {
    const world = collectWorld({ events: eventsFrom(0, 30) })
    const order: string[] = []
    world.eventsApi.answering = call => void (isPage(call) && order.push('fetch'))
    const { create } = world.ports.lake
    const slow: typeof create = async (...args) => {
      await new Promise(resolve => setImmediate(resolve))
      order.push('put')
      return create(...args)
    }
    await world.run({ ...world.ports, lake: { ...world.ports.lake, create: slow } })
    expect(order).toEqual(['fetch', 'fetch', 'put', 'fetch', 'put', 'put'])
  })
})
