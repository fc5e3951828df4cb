import { describe, expect, it } from 'vitest'
import { addToHourlyEvents } from '../../../shared/domain/task/hourly-events.ts'
import { COLLECTOR, NOW_MS, sourceBody, TOKEN } from './admin-world.ts'
import { COLLECTOR_ID, collected, SOURCE_ID, sourceWorld, storedSource } from './source-world.ts'

const ago = (seconds: number): string => new Date(NOW_MS - seconds * 1000).toISOString()

const PATH = '/api/v1/collection'

const WELL = {
  state: 'Collecting',
  stateSince: ago(60),
  version: 1,
  reachedMs: { Collecting: NOW_MS - 60_000, Pending: NOW_MS - 90_000, Authenticated: NOW_MS - 70_000 },
  lastSuccessAt: ago(10),
  lastEventTime: ago(30),
  cursorSinceMs: NOW_MS - 20_000,
  pages: 3,
  events: 2500,
  hourlyEvents: addToHourlyEvents(addToHourlyEvents(undefined, 16, NOW_MS - 23 * 3_600_000), 2484, NOW_MS),
  lateEvents: 7,
  tokenExpires: '2026-09-01T09:30:00.000Z',
} as const

const SHOWN = {
  api: 'sign-in',
  state: 'Collecting',
  since: ago(60),
  reached: { Pending: ago(90), Authenticated: ago(70), Collecting: ago(60) },
  warnings: [],
  tokenExpires: '2026-09-01T09:30:00.000Z',
  lastSuccess: ago(10),
  lastEventTime: ago(30),
  lagSince: new Date(Math.floor(NOW_MS / 1000) * 1000 - 30_000).toISOString(),
  cursorSince: ago(20),
  pages: 3,
  events: 2500,
  lateEvents: 7,
  eventsByHour: [16, ...Array(22).fill(0), 2484],
}

interface Shown {
  readonly id: number
  readonly name: string
  readonly state: object
  readonly openHealthEvents: number
  readonly apis: readonly object[]
}

interface ShownCollector {
  readonly id: number
  readonly name: string
  readonly sources: readonly Shown[]
}

async function collectionWorld(config: object = { supported_apis: ['sign-in'] }) {
  const { world, path, sources } = await sourceWorld(config)
  const collectors = async (query = '') => {
    const answer = await world.get(`${PATH}${query}`)
    expect(answer.status).toBe(200)
    return answer.body['collectors'] as readonly ShownCollector[]
  }
  const first = async () => (await collectors())[0]?.sources[0] as Shown
  return { world, path, sources, collectors, first }
}

describe('GET /collection', () => {
  it('has nothing where nothing is registered', async () => {
    const { world, collectors } = await collectionWorld()
    world.ports.registry.stored.collectors.clear()
    expect(await collectors()).toEqual([])
  })

  it('shows collectors with their sources and how each API is doing, at both prefixes', async () => {
    const { world, collectors } = await collectionWorld({ supported_apis: ['sign-in'], category: 'own' })
    collected(world, WELL)
    const source = {
      id: SOURCE_ID,
      name: '1Pass',
      category: 'own',
      state: { state: 'Collecting' },
      openHealthEvents: 0,
      apis: [SHOWN],
    }
    expect(await collectors()).toEqual([{ id: COLLECTOR_ID, name: 'Security', sources: [source] }])
    const answer = await world.get('/v1/collection')
    expect(answer.body).toEqual({ hoursSince: '2026-05-05T08:00:00.000Z', collectors: await collectors() })
  })

  it('shows a collector without sources, and the category of the collector for a source without one', async () => {
    const { world, collectors } = await collectionWorld()
    const body = { collector: { ...COLLECTOR.collector, name: 'Empty', category: 'mine' } }
    const created = await world.post('/api/v1/collectors', body)
    const { id } = created.body['collector'] as { id: number }
    expect((await collectors())[1]).toEqual({ id, name: 'Empty', category: 'mine', sources: [] })
    await world.post(`/api/v1/collectors/${id}/sources`, sourceBody({ name: 'new' }))
    expect((await collectors())[1]?.sources[0]).toMatchObject({ name: 'new', category: 'mine' })
  })

  it('shows what is wrong, since when, what to do, the code, and when it is tried again', async () => {
    const { world, first } = await collectionWorld()
    const error = { type: 'ThirdPartyGeneric', code: 503, info: '503: busy', at: ago(5) } as const
    const episode = {
      id: 'e',
      startedMs: NOW_MS - 60_000,
      deadlineMs: NOW_MS + 5_340_000,
      attempts: 2,
      nextRetryMs: NOW_MS + 90_000,
    }
    const health = {
      changes: 2,
      open: { type: 'ThirdPartyGeneric', since: ago(60) },
      warnings: { TokenExpiry: { since: ago(99), expires: ago(-86_400), within: 'days3' } },
    } as const
    collected(world, { ...WELL, state: 'Error', stateSince: ago(60), error, episode, health })
    const shown = await first()
    expect(shown).toMatchObject({
      state: { state: 'Error', errorType: 'THIRD-PARTY-GENERIC', errorCode: 503, errorInfo: '503: busy' },
      openHealthEvents: 2,
      apis: [
        {
          error: { type: 'THIRD-PARTY-GENERIC', code: 503, info: '503: busy', at: ago(5) },
          advice: expect.stringContaining('tried again by itself'),
          retry: { since: ago(60), attempts: 2, nextRetry: ago(-90), deadline: ago(-5340) },
          warnings: [{ kind: 'TokenExpiry', since: ago(99), title: 'the API token expires on 2026-05-07' }],
        },
      ],
    })
  })

  it('keeps the result of the last run while the next one is under way, and says that it is', async () => {
    const { world, first } = await collectionWorld()
    const lease = { leaseOwner: 'run', leaseSinceMs: NOW_MS - 1000, leaseExpiresMs: NOW_MS + 1000 }
    collected(world, { ...WELL, ...lease })
    expect((await first()).apis).toEqual([{ ...SHOWN, lease: { since: ago(1), until: ago(-1) } }])
  })

  it('says since when there is no word of a task that is to be collected', async () => {
    const { world, first } = await collectionWorld()
    collected(world, { ...WELL, lastSuccessAt: ago(599), stateSince: ago(9999), createdAt: ago(9999) })
    expect((await first()).apis[0]).not.toHaveProperty('noWordSince')
    collected(world, { lastSuccessAt: ago(600) })
    expect((await first()).apis[0]).toMatchObject({ state: 'Collecting', noWordSince: ago(600) })
  })

  it('shows a source that is being deleted, and an API whose task is gone', async () => {
    const { world, path, first } = await collectionWorld()
    collected(world, { lastSuccessAt: ago(9999), stateSince: ago(9999), createdAt: ago(9999) })
    await world.delete(path)
    expect(await first()).toMatchObject({ state: { state: 'Stopping' }, apis: [{ state: 'Stopping' }] })
    expect((await first()).apis[0]).not.toHaveProperty('noWordSince')
    world.tasks.length = 0
    expect((await first()).apis).toEqual([
      expect.objectContaining({ state: 'Stopping', events: 0, eventsByHour: Array(24).fill(0) }),
    ])
  })

  it('never shows a token', async () => {
    const { world } = await collectionWorld()
    await world.get(PATH)
    expect(world.output()).not.toContain(TOKEN)
  })
})

describe('the tag of the collection', () => {
  it('stays while nothing happens, also when time passes, and changes with the next run', async () => {
    const { world } = await collectionWorld()
    collected(world, WELL)
    const { etag } = (await world.get(PATH)).headers
    const again = () => world.send({ method: 'GET', path: PATH, headers: { 'If-None-Match': String(etag) } })
    world.state.nowMs += 60_000
    expect(await again()).toMatchObject({ status: 304, text: '' })
    collected(world, { lastSuccessAt: ago(-60) })
    expect((await again()).status).toBe(200)
  })

  it('is the same whatever the order in which the table holds steps', async () => {
    const { world } = await collectionWorld()
    collected(world, WELL)
    const before = await world.get(PATH)
    collected(world, { reachedMs: Object.fromEntries(Object.entries(WELL.reachedMs).reverse()) })
    expect((await world.get(PATH)).headers['etag']).toBe(before.headers['etag'])
  })
})

describe('the collection of 1,000 sources', () => {
  it('is one answer from two scans', async () => {
    const { world } = await collectionWorld()
    const { sources } = world.ports.registry.stored
    const source = storedSource(world)
    const [task] = world.tasks
    if (!task) throw new Error('there is no task')
    for (let id = SOURCE_ID + 1; id < SOURCE_ID + 1000; id++) {
      sources.set(`${COLLECTOR_ID}/${id}`, { ...source, id })
      world.tasks.push({ ...task, ...WELL, sourceId: id })
    }
    const calls: string[] = []
    const counting = <Port extends object>(port: Port): Port =>
      new Proxy(port, {
        get(target, name) {
          calls.push(String(name))
          return Reflect.get(target, name)
        },
      })
    world.readapt(({ registry, tasks, ...ports }) => ({
      ...ports,
      registry: counting(registry),
      tasks: counting(tasks),
    }))
    const { body, headers } = await world.get(PATH)
    const [collector] = body['collectors'] as readonly ShownCollector[]
    expect(collector?.sources).toHaveLength(1000)
    expect(headers).not.toHaveProperty('link')
    expect(calls.sort()).toEqual(['everything', 'scan'])
  })
})

describe('parts of the collection', () => {
  it('count sources, and collectors without one, and lead on to each other', async () => {
    const { world, sources, collectors } = await collectionWorld()
    for (const name of ['b', 'c']) await world.post(sources, sourceBody({ name }))
    await world.post('/api/v1/collectors', { collector: { ...COLLECTOR.collector, name: 'Empty' } })
    const names = (list: readonly ShownCollector[]) =>
      list.map(collector => [collector.name, collector.sources.map(({ name }) => name)])
    expect(names(await collectors('?limit=2'))).toEqual([['Security', ['1Pass', 'b']]])
    expect(names(await collectors('?limit=2&offset=2'))).toEqual([
      ['Security', ['c']],
      ['Empty', []],
    ])
    const { headers } = await world.get(`${PATH}?limit=3`)
    expect(headers['link']).toBe(`<${PATH}?limit=3&offset=3>; rel="next"`)
    expect((await world.get(`${PATH}?limit=0`)).status).toBe(400)
  })
})
