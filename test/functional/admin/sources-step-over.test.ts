import { describe, expect, it } from 'vitest'
import { eventsFrom, toUuids } from '../../support/collect-world.ts'
import { answered } from '../../support/fakes/events-api.ts'
import { managedCollection } from '../../support/managed-collection.ts'
import { ACCESS_KEY, NOW_MS } from './admin-world.ts'
import { sourceWorld, storedSource, tokenInUse } from './source-world.ts'

const ago = (minutes: number): string =>
  new Date(NOW_MS - minutes * 60_000).toISOString().replace(/\.\d+Z$/, 'Z')

const FAR_BACK = 120 * 24 * 60

describe('POST …/action/stepOver', () => {
  it('has the API go on from a time, says who has asked for it, and restarts the source', async () => {
    const { world, path } = await sourceWorld()
    const answer = await world.post(`${path}/action/stepOver`, { api: 'itemUsage', to: ago(10) })
    expect([answer.status, answer.text]).toEqual([200, ''])
    const at = new Date(NOW_MS).toISOString()
    const [other, task] = world.tasks
    expect(task).toMatchObject({
      api: 'itemUsage',
      state: 'Pending',
      stepRequest: { to: ago(10), by: ACCESS_KEY.accessId, at },
    })
    expect(other?.stepRequest).toBeUndefined()
    expect(storedSource(world).version).toBe(2)
    expect(world.due.map(({ api, reason }) => [api, reason])).toEqual([
      ['sign-in', 'restarted'],
      ['itemUsage', 'restarted'],
    ])
  })

  it('frees an API that a page has stopped', async () => {
    const { world, path } = await sourceWorld({ supported_apis: ['sign-in'] })
    const { eventsApi, tick, lake } = managedCollection(world, eventsFrom(0, 60, NOW_MS - 3_600_000))
    eventsApi.token = tokenInUse(world) ?? ''
    eventsApi.answering = ({ method }) => (method === 'POST' ? answered('{"items":') : undefined)
    for (let ticks = 0; ticks < 25; ticks++) await tick()
    expect(world.tasks[0]).toMatchObject({ state: 'Error', halted: true })
    expect(world.tasks[0]?.error?.info).toContain('action/stepOver')
    eventsApi.answering = () => undefined
    expect((await world.post(`${path}/action/stepOver`, { api: 'sign-in', to: ago(30) })).status).toBe(200)
    await tick()
    expect(world.tasks[0]).toMatchObject({ state: 'Collecting' })
    const uuids = [...lake.objects.values()].flatMap(({ lines }) => toUuids(lines))
    expect(uuids).toEqual(Array.from({ length: 30 }, (_, i) => `E${30 + i}`))
  })

  it.each([
    ['no API', { to: ago(1) }, 'api'],
    ['an API that is none', { api: 'x', to: ago(1) }, 'api'],
    ['no time', { api: 'sign-in' }, 'to'],
    ['what is no time', { api: 'sign-in', to: 'yesterday' }, 'to'],
    ['a time in the future', { api: 'sign-in', to: ago(-1) }, 'to'],
    ['a time that 1Password no longer keeps', { api: 'sign-in', to: ago(FAR_BACK + 2) }, 'to'],
  ])('refuses %s', async (_name, body, field) => {
    const { world, path } = await sourceWorld()
    const answer = await world.post(`${path}/action/stepOver`, body)
    expect(answer.status).toBe(400)
    expect(answer.body['faults'] ?? answer.body).toMatchObject([{ field }])
    expect(world.tasks.some(({ stepRequest }) => stepRequest)).toBe(false)
  })

  it.each([ago(0), ago(FAR_BACK)])('takes a time at the limits: %s', async to => {
    const { world, path } = await sourceWorld()
    expect((await world.post(`${path}/action/stepOver`, { api: 'sign-in', to })).status).toBe(200)
  })

  it('refuses an API that the source does not have, and a source that is being deleted', async () => {
    const { world, path } = await sourceWorld({ supported_apis: ['sign-in'] })
    const wish = { api: 'auditEvents', to: ago(1) }
    expect((await world.post(`${path}/action/stepOver`, wish)).body['code']).toBe(
      'collectors.source.api.invalid',
    )
    await world.delete(path)
    const late = await world.post(`${path}/action/stepOver`, { ...wish, api: 'sign-in' })
    expect(late.status).toBe(400)
  })
})
