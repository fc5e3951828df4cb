import { describe, expect, it } from 'vitest'
import { finishDeletion } from '../../../functions/dispatch/deletion.ts'
import { fakeBus } from '../../support/fakes/bus.ts'
import { fakeTasks } from '../../support/fakes/tasks.ts'
import { fakeTokenRemover } from '../../support/fakes/tokens.ts'
import { type AdminWorld, adminWorld, sourceBody, TOKEN, withCollector } from './admin-world.ts'
import { dying, kills } from './dying.ts'
import {
  COLLECTOR_ID,
  edited,
  MINUTES_LATER_MS,
  SOURCE_ID,
  sourceIn,
  sourceWorld,
  storedSource,
  tokenInUse,
  update,
} from './source-world.ts'

const NEW_TOKEN = 'another-T0ken'

/** Tells whether another source can take the name after the reservation of the dead request is old. */
async function isFree(world: AdminWorld, sources: string, name: string): Promise<boolean> {
  world.state.nowMs += MINUTES_LATER_MS
  return (await world.post(sources, sourceBody({ name }))).status === 201
}

describe('the interrupted creation of a source', () => {
  it('answers 500 without details and frees the name at once if the secret store fails', async () => {
    const world = adminWorld(ports => ({
      ...ports,
      tokenWriter: {
        ...ports.tokenWriter,
        createToken: async () => Promise.reject(new Error('details of the store')),
      },
    }))
    const path = await withCollector(world)
    const { status, body } = await world.post(path, sourceBody())
    expect(status).toBe(500)
    expect(body).toMatchObject({ code: 'internal.error', message: 'Internal server error.' })
    expect(JSON.stringify(body)).not.toContain('details')
    expect(world.logged).toEqual([
      {
        level: 'error',
        message: 'admin call failed',
        extra: expect.objectContaining({
          errorId: body['id'],
          metrics: { failedCalls: 1 },
          error: expect.objectContaining({ message: 'details of the store' }),
        }),
      },
    ])
    world.readapt(ports => ports)
    expect((await world.post(path, sourceBody())).status).toBe(201)
  })

  it('succeeds if only the bus fails: the next tick collects', async () => {
    const world = adminWorld(ports => ({
      ...ports,
      bus: { ...ports.bus, publishDue: async () => Promise.reject(new Error('the bus is away')) },
    }))
    const path = await withCollector(world)
    expect((await world.post(path, sourceBody())).status).toBe(201)
    expect((await world.get(`${path}/${SOURCE_ID}`)).status).toBe(200)
    expect(world.logged.map(line => line.message)).toEqual(['collection waits for the tick'])
  })

  const PATH_OF_CREATE = [
    'registry.collector',
    'registry.nextId',
    'registry.reserveName',
    'registry.fieldSchema',
    'registry.nextId',
    'registry.fieldSchema',
    'registry.replaceFieldSchema',
    'tasks.create',
    'tasks.create',
    'tokenWriter.createToken',
    'registry.putSource',
    'bus.publishDue',
  ]
  const create = (world: AdminWorld, sources: string) => () =>
    world.post(`${sources}?autoEnableFields=true`, sourceBody({ fields: { team: 'x' } }))

  it('has these effects, in this order', async () => {
    const world = adminWorld()
    const sources = await withCollector(world)
    expect(await dying(world, create(world, sources))).toEqual(PATH_OF_CREATE)
  })

  it.each(kills(PATH_OF_CREATE.length))(
    'leaves a complete source or none after dying $phase effect $at, and does not block the name for ever',
    async kill => {
      const world = adminWorld()
      const sources = await withCollector(world)
      await dying(world, create(world, sources), kill)
      const visible = world.ports.registry.stored.sources.size === 1
      if (visible) {
        const [source] = world.ports.registry.stored.sources.values()
        expect([tokenInUse(world, source?.id), world.tasks.length]).toEqual([TOKEN, 2])
      } else {
        expect(world.due).toEqual([])
        // Dispatch finds the unneeded secret by the tasks.
        if (world.secrets.size > 0) expect(world.tasks).toHaveLength(2)
      }
      expect(await isFree(world, sources, '1Pass')).toBe(!visible)
    },
  )
})

describe('the interrupted update of a source', () => {
  const CHANGE = {
    name: 'New',
    api_token: NEW_TOKEN,
    supported_apis: ['itemUsage', 'auditEvents'],
    category: 'c',
    fields: { team: 'x' },
  }
  const PATH_OF_UPDATE = [
    'registry.registered',
    'registry.reserveName',
    'registry.fieldSchema',
    'registry.nextId',
    'registry.fieldSchema',
    'registry.replaceFieldSchema',
    'tasks.create',
    'tokenWriter.promoteToken',
    'tokenWriter.proposeToken',
    'registry.replaceSource',
    'registry.releaseName',
    'tokenWriter.promoteToken',
    'tasks.renew',
    'tasks.renew',
    'bus.publishDue',
  ]

  async function beforeUpdate() {
    const source = await sourceWorld()
    const { world, path } = source
    const read = await world.get(path)
    const put = () => world.put(`${path}?autoEnableFields=true`, edited(read, CHANGE), read.headers['etag'])
    return { ...source, read, put }
  }

  it('has these effects, in this order', async () => {
    const { world, put } = await beforeUpdate()
    expect(await dying(world, put)).toEqual(PATH_OF_UPDATE)
  })

  it.each(kills(PATH_OF_UPDATE.length))(
    'leaves the old or the new source, with its token, after dying $phase effect $at, and blocks no name for ever',
    async kill => {
      const { world, sources, path, read, put } = await beforeUpdate()
      await dying(world, put, kill)
      const answer = await world.get(path)
      const { api_token: _, ...settings } = CHANGE
      const isNew = storedSource(world).version === 2
      expect(sourceIn(answer).config).toEqual({ ...sourceIn(read).config, ...(isNew && settings) })
      expect(tokenInUse(world)).toBe(isNew ? NEW_TOKEN : TOKEN)
      expect(answer.headers['etag'] === read.headers['etag']).toBe(!isNew)
      expect([await isFree(world, sources, '1Pass'), await isFree(world, sources, 'New')]).toEqual([
        isNew,
        !isNew,
      ])
      expect(world.output()).not.toContain(NEW_TOKEN)
    },
  )

  it.each(kills(PATH_OF_UPDATE.length))(
    'can be repeated with the present tag after dying $phase effect $at',
    async kill => {
      const { world, path, put } = await beforeUpdate()
      await dying(world, put, kill)
      expect((await update(world, path, CHANGE)).status).toBe(200)
      expect(storedSource(world)).toMatchObject({ name: 'New', apis: CHANGE.supported_apis })
      expect(tokenInUse(world)).toBe(NEW_TOKEN)
      expect(world.tasks.map(({ api }) => api).toSorted()).toEqual(['auditEvents', 'itemUsage', 'sign-in'])
    },
  )
})

describe('the interrupted restart of a source', () => {
  it.each(kills(6))('has happened completely or not at all after dying $phase effect $at', async kill => {
    const { world, path } = await sourceWorld()
    const before = storedSource(world)
    await dying(world, () => world.post(`${path}/action/restart`), kill)
    const { version } = storedSource(world)
    expect(storedSource(world)).toEqual({ ...before, version })
    expect([1, 2]).toContain(version)
  })
})

describe('the interrupted deletion of a source', () => {
  const PATH_OF_DELETE = [
    'registry.registered',
    'registry.replaceSource',
    'registry.releaseName',
    'tasks.tasksOfSource',
    'tasks.stop',
    'tasks.stop',
    'bus.publishStopping',
  ]

  it('has these effects, in this order', async () => {
    const { world, path } = await sourceWorld()
    expect(await dying(world, () => world.delete(path))).toEqual(PATH_OF_DELETE)
  })

  it.each(kills(PATH_OF_DELETE.length))(
    'leaves the source Stopping or unchanged after dying $phase effect $at, and is completed by a second deletion',
    async kill => {
      const { world, path } = await sourceWorld()
      const before = (await world.get(path)).body
      await dying(world, () => world.delete(path), kill)
      const stopping = storedSource(world).stopping === true
      const { body } = await world.get(path)
      if (stopping) expect(body['source']).toMatchObject({ state: { state: 'Stopping' }, alive: false })
      else expect(body).toEqual(before)
      expect((await world.delete(path)).status).toBe(200)
      expect(world.tasks.map(({ state }) => state)).toEqual(['Stopping', 'Stopping'])
      expect(world.stopping.at(-1)).toEqual({ collectorId: COLLECTOR_ID, sourceId: SOURCE_ID })
    },
  )

  it.each(kills(PATH_OF_DELETE.length))(
    'is completed by dispatch after dying $phase effect $at, if the source is Stopping',
    async kill => {
      const { world, sources, path } = await sourceWorld()
      await dying(world, () => world.delete(path), kill)
      const stopping = storedSource(world).stopping === true
      const tasks = fakeTasks(world.tasks)
      const ports = {
        clock: { now: () => world.state.nowMs, sleep: async () => {}, giveWay: async () => {} },
        registry: world.ports.registry,
        tasks,
        tokenRemover: fakeTokenRemover(world.secrets),
        healthEvents: world.ports.healthEvents,
        bus: fakeBus(),
      }
      const done = await finishDeletion(ports, { collectorId: COLLECTOR_ID, sourceId: SOURCE_ID })
      expect(done).toBe(stopping)
      if (!stopping) return
      expect((await world.get(path)).status).toBe(404)
      expect([tasks.items.size, world.secrets.size]).toEqual([0, 0])
      expect((await world.post(sources, sourceBody())).status).toBe(201)
    },
  )
})
