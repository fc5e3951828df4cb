import { describe, expect, it } from 'vitest'
import { NOW_MS, TOKEN } from './admin-world.ts'
import { collected, sourceWorld, update } from './source-world.ts'

const ago = (seconds: number): string => new Date(NOW_MS - seconds * 1000).toISOString()

const SINCE = new Date(NOW_MS).toISOString()
const NEW = {
  state: 'Pending',
  since: SINCE,
  reached: { Pending: SINCE },
  pages: 0,
  events: 0,
  lateEvents: 0,
}

const WELL = {
  state: 'Collecting',
  stateSince: ago(60),
  version: 1,
  reachedMs: { Pending: NOW_MS - 90_000, Authenticated: NOW_MS - 70_000, Collecting: NOW_MS - 60_000 },
  lastSuccessAt: ago(10),
  lastEventTime: ago(30),
  cursorSinceMs: NOW_MS - 20_000,
  pages: 3,
  events: 2500,
  lateEvents: 7,
  tokenExpires: '2026-09-01T09:30:00.000Z',
} as const

const SHOWN = {
  state: 'Collecting',
  since: ago(60),
  reached: { Pending: ago(90), Authenticated: ago(70), Collecting: ago(60) },
  lastSuccess: ago(10),
  lastEventTime: ago(30),
  lagSeconds: 30,
  cursorAgeSeconds: 20,
  pages: 3,
  events: 2500,
  lateEvents: 7,
  tokenExpires: '2026-09-01T09:30:00.000Z',
}

async function tasksWorld(config: object = {}) {
  const { world, path, ...rest } = await sourceWorld(config)
  const tasks = async (prefix = '/api/v1') => {
    const answer = await world.get(`${path.replace('/api/v1', prefix)}/tasks`)
    expect(answer.status).toBe(200)
    return answer.body['tasks']
  }
  return { world, path, tasks, ...rest }
}

describe('GET …/tasks', () => {
  it('answers one task for each API, in the order of supported_apis, at both prefixes', async () => {
    const { tasks } = await tasksWorld({ supported_apis: ['auditEvents', 'sign-in'] })
    const expected = [
      { api: 'auditEvents', ...NEW },
      { api: 'sign-in', ...NEW },
    ]
    expect(await tasks()).toEqual(expected)
    expect(await tasks('/v1')).toEqual(expected)
  })

  it('shows the counts of a task, and how old its newest event and its cursor are', async () => {
    const { world, tasks } = await tasksWorld({ supported_apis: ['sign-in'] })
    collected(world, WELL)
    expect(await tasks()).toEqual([{ api: 'sign-in', ...SHOWN }])
  })

  it('shows a task that an earlier deployment stored without steps, late events and other members', async () => {
    const { world, tasks } = await tasksWorld({ supported_apis: ['sign-in'] })
    const [task] = world.tasks
    if (!task) throw new Error('there is no task')
    const { reachedMs: _, ...older } = task
    world.tasks.splice(0, 1, { ...older, state: 'Collecting', version: 1, events: 5 })
    expect(await tasks()).toEqual([
      { api: 'sign-in', ...NEW, state: 'Collecting', reached: { Collecting: SINCE }, events: 5 },
    ])
  })

  it('shows the error of one API beside another API without error', async () => {
    const { world, tasks } = await tasksWorld()
    collected(world, WELL)
    const error = { type: 'ThirdPartyConfig', code: 401, info: '401: no — Update.', at: ago(5) } as const
    const failing = { state: 'Error', stateSince: ago(5), error } as const
    collected(world, { ...failing, reachedMs: { Error: NOW_MS - 5_000 } }, 'itemUsage')
    expect(await tasks()).toMatchObject([
      { api: 'sign-in', state: 'Collecting' },
      {
        api: 'itemUsage',
        state: 'Error',
        since: ago(5),
        reached: { Error: ago(5) },
        error: { ...error, type: 'THIRD-PARTY-CONFIG' },
        advice: expect.stringContaining('updated or restarted'),
      },
    ])
  })

  const EPISODE = {
    id: 'e',
    startedMs: NOW_MS - 60_000,
    deadlineMs: NOW_MS + 5_340_000,
    attempts: 2,
    nextRetryMs: NOW_MS + 90_000,
  }
  const RETRY = { since: ago(60), attempts: 2, deadline: ago(-5340) }

  it.each([
    ['when it is tried next', EPISODE, { ...RETRY, nextRetry: ago(-90) }, 'tried again by itself'],
    [
      'when it was given up',
      { ...EPISODE, quitMs: NOW_MS - 1000 },
      { ...RETRY, gaveUp: ago(1) },
      'until the source is updated or restarted',
    ],
  ])(
    'shows for a task that is retried how often it failed, the deadline, and %s',
    async (_, episode, retry, advice) => {
      const { world, tasks } = await tasksWorld({ supported_apis: ['sign-in'] })
      const error = { type: 'ThirdPartyGeneric', code: 503, info: '503: {}', at: ago(5) } as const
      collected(world, { ...WELL, state: 'Error', error, episode })
      const [shown] = (await tasks()) as object[]
      expect(shown).toMatchObject({ state: 'Error', retry, advice: expect.stringContaining(advice) })
      expect(shown).toHaveProperty('retry', retry)
    },
  )

  it('shows begin and end of the lease of a task, and no lease that has expired', async () => {
    const { world, tasks } = await tasksWorld({ supported_apis: ['sign-in'] })
    const lease = { leaseOwner: 'run', leaseSinceMs: NOW_MS - 1000, leaseExpiresMs: NOW_MS + 1000 }
    collected(world, { ...WELL, ...lease })
    expect(await tasks()).toEqual([{ api: 'sign-in', ...SHOWN, lease: { since: ago(1), until: ago(-1) } }])
    collected(world, { leaseExpiresMs: NOW_MS })
    expect(await tasks()).toEqual([{ api: 'sign-in', ...SHOWN }])
  })

  it('shows no steps, errors or token expiry of an older version of the source', async () => {
    const { world, path, tasks } = await tasksWorld({ supported_apis: ['sign-in'] })
    const error = { type: 'ThirdPartyConfig', code: 401, info: 'x', at: ago(5) } as const
    collected(world, { ...WELL, state: 'Error', error, halted: true })
    await update(world, path, { name: 'Renamed' })
    const { tokenExpires: _, ...rest } = SHOWN
    const pending = { state: 'Pending', since: SINCE, reached: { Pending: SINCE } }
    expect(await tasks()).toEqual([{ api: 'sign-in', ...rest, ...pending }])
    collected(world, { ...WELL, state: 'Error', error })
    const { since: _since, ...unknown } = { ...rest, ...pending, reached: {} }
    expect(await tasks()).toEqual([{ api: 'sign-in', ...unknown }])
  })

  it('shows an API whose task was never written, and a source that is being deleted', async () => {
    const { world, path, tasks } = await tasksWorld({ supported_apis: ['sign-in'] })
    world.tasks.length = 0
    const { since: _, ...never } = { ...NEW, reached: {} }
    expect(await tasks()).toEqual([{ api: 'sign-in', ...never }])
    await world.delete(path)
    expect(await tasks()).toMatchObject([{ api: 'sign-in', state: 'Stopping', reached: {} }])
  })

  it('is 404 for a source or collector that does not exist, 405 for other methods, and shows no token', async () => {
    const { world, path } = await tasksWorld()
    expect((await world.get(`${path}9/tasks`)).body['code']).toBe('collectors.source.invalid')
    const elsewhere = path.replace('100000001', '7')
    expect((await world.get(`${elsewhere}/tasks`)).body['code']).toBe('collectors.collector.invalid')
    expect((await world.post(`${path}/tasks`)).status).toBe(405)
    expect((await world.send({ method: 'HEAD', path: `${path}/tasks` })).text).toBe('')
    expect(world.output()).not.toContain(TOKEN)
  })
})
