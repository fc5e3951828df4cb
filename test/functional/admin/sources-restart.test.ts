import { describe, expect, it } from 'vitest'
import { ACCESS_KEY, sourceBody } from './admin-world.ts'
import {
  COLLECTOR_ID,
  collected,
  SOURCE_ID,
  sourceIn,
  sourceWorld,
  storedSource,
  update,
} from './source-world.ts'

const ERROR = {
  type: 'ThirdPartyConfig',
  code: 401,
  info: 'refused',
  at: '2026-05-06T00:00:00.000Z',
} as const

describe('a restart', () => {
  it('begins at once, from Pending and at the same cursor, and is answered without a body', async () => {
    const { world, path } = await sourceWorld()
    collected(world, { version: 1, state: 'Error', error: ERROR, halted: true, cursor: 'c' })
    const { status, text } = await world.post(`${path}/action/restart`)
    expect([status, text]).toEqual([200, ''])
    expect(sourceIn(await world.get(path)).state).toEqual({ state: 'Pending' })
    for (const task of world.tasks) expect(task).toMatchObject({ state: 'Pending', cursor: 'c' })
    for (const task of world.tasks) expect([task.error, task.halted]).toEqual([undefined, undefined])
    const key = { collectorId: COLLECTOR_ID, sourceId: SOURCE_ID }
    expect(world.due).toEqual(['sign-in', 'itemUsage'].map(api => ({ ...key, api, reason: 'restarted' })))
  })

  it('changes nothing of the configuration, however often', async () => {
    const { world, path, etag } = await sourceWorld()
    const before = storedSource(world)
    await world.post(`${path}/action/restart`)
    await world.post(`${path}/action/restart`)
    expect(storedSource(world)).toEqual({ ...before, version: 3 })
    expect((await world.get(path)).headers['etag']).toBe(etag)
  })

  it.each([
    ['nothing', {}],
    ['null', { body: 'null' }],
    ['an object', { body: {} }],
    ['what is no JSON', { body: '{' }],
    ['a form', { body: 'a=b', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }],
  ])('accepts %s as its body', async (_, call) => {
    const { world, path } = await sourceWorld()
    expect((await world.send({ method: 'POST', path: `${path}/action/restart`, ...call })).status).toBe(200)
  })

  it('finds no other source', async () => {
    const { world, sources } = await sourceWorld()
    const answer = await world.post(`${sources}/100000009/action/restart`)
    expect([answer.status, answer.body['code']]).toEqual([404, 'collectors.source.invalid'])
    const other = await world.post('/v1/collectors/7/sources/8/action/restart')
    expect([other.status, other.body['code']]).toEqual([404, 'collectors.collector.invalid'])
  })

  it('must be a POST', async () => {
    const { world, path } = await sourceWorld()
    expect((await world.get(`${path}/action/restart`)).status).toBe(405)
  })
})

describe('a delete', () => {
  it('makes the source Stopping at once, and sends dispatch an event to complete the deletion', async () => {
    const { world, sources, path, etag } = await sourceWorld()
    collected(world, { version: 1, state: 'Error', error: ERROR })
    const { status, text } = await world.delete(path)
    expect([status, text]).toEqual([200, ''])
    const answer = await world.get(path)
    expect(answer.body['source']).toMatchObject({ state: { state: 'Stopping' }, alive: false })
    expect(answer.headers['etag']).toBe(etag)
    expect((await world.get(sources)).body['sources']).toEqual([answer.body['source']])
    expect(world.tasks.map(({ state }) => state)).toEqual(['Stopping', 'Stopping'])
    expect(world.stopping).toEqual([{ collectorId: COLLECTOR_ID, sourceId: SOURCE_ID }])
  })

  it('stops the task of an API that was removed before, too', async () => {
    const { world, path } = await sourceWorld()
    await update(world, path, { supported_apis: ['itemUsage'] })
    await world.delete(path)
    expect(world.tasks.map(({ api, state }) => [api, state])).toEqual([
      ['sign-in', 'Stopping'],
      ['itemUsage', 'Stopping'],
    ])
  })

  it('can be requested again while it lasts', async () => {
    const { world, path } = await sourceWorld()
    await world.delete(path)
    const stopping = storedSource(world)
    expect((await world.delete(path)).status).toBe(200)
    expect(storedSource(world)).toEqual(stopping)
    expect(world.stopping).toHaveLength(2)
  })

  it.each([
    ['', false],
    [', even if it could not be released', true],
  ])('frees the name at once%s', async (_, isLost) => {
    const { world, sources, path } = await sourceWorld()
    if (isLost) {
      const away = async () => Promise.reject(new Error('away'))
      world.readapt(ports => ({ ...ports, registry: { ...ports.registry, releaseName: away } }))
    }
    expect((await world.delete(path)).status).toBe(200)
    expect(world.ports.registry.stored.names.size).toBe(isLost ? 2 : 1)
    world.readapt(ports => ports)
    expect((await world.post(sources, sourceBody())).status).toBe(201)
    expect((await world.delete(path)).status).toBe(200)
    const { status, body } = await world.post(sources, sourceBody())
    expect([status, body['code']]).toEqual([400, 'collectors.validation.name.duplicate'])
  })

  it('makes updates and restarts of the source impossible', async () => {
    const { world, path } = await sourceWorld()
    const read = await world.get(path)
    await world.delete(path)
    for (const answer of [
      await world.put(path, read.body, read.headers['etag']),
      await world.post(`${path}/action/restart`),
    ]) {
      expect([answer.status, answer.body['code']]).toEqual([400, 'collectors.source.stopping'])
    }
    await world.ports.registry.removeSource(COLLECTOR_ID, SOURCE_ID)
    expect((await world.get(path)).status).toBe(404)
    expect((await world.delete(path)).status).toBe(404)
  })

  it('needs no If-Match, but checks one', async () => {
    const { world, path, etag } = await sourceWorld()
    const stale = { method: 'DELETE', path, headers: { 'If-Match': '"00000000000000000000000000000000"' } }
    expect((await world.send(stale)).status).toBe(412)
    expect(storedSource(world).stopping).toBeUndefined()
    expect((await world.send({ ...stale, headers: { 'If-Match': String(etag) } })).status).toBe(200)
  })

  it('succeeds even if bus and tasks fail: the next tick completes it', async () => {
    const { world, path } = await sourceWorld()
    const away = async () => Promise.reject(new Error('away'))
    world.readapt(ports => ({
      ...ports,
      tasks: { ...ports.tasks, apply: away },
      bus: { ...ports.bus, publishStopping: away },
    }))
    expect((await world.delete(path)).status).toBe(200)
    expect((await world.get(path)).body['source']).toMatchObject({ state: { state: 'Stopping' } })
    expect(world.logged.map(({ message }) => message)).toEqual([
      'the next tick stops the tasks',
      'the next tick completes the deletion',
    ])
    expect(world.output()).not.toContain(ACCESS_KEY.accessKey)
  })
})
