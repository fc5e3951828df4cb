import fc, { type Scheduler } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AdminPorts } from '../../../functions/admin/admin-ports.ts'
import { interleaved } from '../../support/interleaving.ts'
import { type Answer, sourceBody, TOKEN } from './admin-world.ts'
import {
  currentToken,
  edited,
  MINUTES_LATER_MS,
  sourceIn,
  sourceWorld,
  storedSource,
  tokenInUse,
} from './source-world.ts'

const EFFECTS = ['registry', 'tokenWriter', 'tasks', 'bus'] as const satisfies (keyof AdminPorts)[]

type World = Awaited<ReturnType<typeof sourceWorld>>

/** The effects of simultaneous requests in some hundred random orders. */
const inEveryOrder = (check: (scheduler: Scheduler, source: World) => Promise<void>): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.scheduler(), async scheduler => {
      const source = await sourceWorld()
      source.world.readapt(ports => interleaved(ports, EFFECTS, scheduler))
      await check(scheduler, source)
    }),
    { numRuns: 150 },
  )

const together = <T>(scheduler: Scheduler, requests: readonly Promise<T>[]): Promise<T[]> =>
  scheduler.waitFor(Promise.all(requests))

const statuses = (answers: readonly Answer[]): number[] => answers.map(({ status }) => status).toSorted()

const CHANGES = [
  { name: 'First', api_token: 'first-token', supported_apis: ['auditEvents'] },
  { name: 'Second', api_token: 'second-token', category: 'c' },
]

describe('two updates at once', () => {
  it('have one winner; the other gets 412 and changes nothing', async () => {
    await inEveryOrder(async (scheduler, { world, sources, path, etag }) => {
      const read = await scheduler.waitFor(world.get(path))
      const answers = await together(
        scheduler,
        CHANGES.map(change => world.put(path, edited(read, change), etag)),
      )
      expect(statuses(answers)).toEqual([200, 412])
      const won = answers[0]?.status === 200 ? 0 : 1
      world.readapt(ports => ports)
      const { api_token, ...settings } = CHANGES[won] ?? {}
      expect(sourceIn(await world.get(path)).config).toEqual({ ...sourceIn(read).config, ...settings })
      expect([tokenInUse(world), currentToken(world), storedSource(world).version]).toEqual([
        api_token,
        api_token,
        2,
      ])
      world.state.nowMs += MINUTES_LATER_MS
      const create = async (name: unknown) => (await world.post(sources, sourceBody({ name }))).status
      expect([
        await create(CHANGES[won]?.name),
        await create(CHANGES[1 - won]?.name),
        await create('1Pass'),
      ]).toEqual([400, 201, 201])
    })
  })

  it('that give the source the same new name leave the name reserved for it', async () => {
    await inEveryOrder(async (scheduler, { world, sources, path, etag }) => {
      const read = await scheduler.waitFor(world.get(path))
      const answers = await together(
        scheduler,
        CHANGES.map(change => world.put(path, edited(read, { ...change, name: 'Same' }), etag)),
      )
      expect(statuses(answers)).toEqual([200, 412])
      world.readapt(ports => ports)
      world.state.nowMs += MINUTES_LATER_MS
      expect((await world.post(sources, sourceBody({ name: 'Same' }))).status).toBe(400)
    })
  })
})

describe('an update', () => {
  it('is not hindered by a restart at the same time', async () => {
    await inEveryOrder(async (scheduler, { world, path, etag }) => {
      const read = await scheduler.waitFor(world.get(path))
      const answers = await together(scheduler, [
        world.put(path, edited(read, CHANGES[0] ?? {}), etag),
        world.post(`${path}/action/restart`),
        world.post(`${path}/action/restart`),
      ])
      expect(statuses(answers)).toEqual([200, 200, 200])
      // Two restarts at one moment write the same: they may be one.
      expect([3, 4]).toContain(storedSource(world).version)
      expect(tokenInUse(world)).toBe('first-token')
    })
  })

  it('happens before a simultaneous delete, or not at all', async () => {
    await inEveryOrder(async (scheduler, { world, path, etag }) => {
      const read = await scheduler.waitFor(world.get(path))
      const [updated, deleted] = await together(scheduler, [
        world.put(path, edited(read, { api_token: 'first-token' }), etag),
        world.delete(path),
      ])
      expect(deleted?.status).toBe(200)
      expect([200, 400]).toContain(updated?.status)
      expect(storedSource(world).stopping).toBe(true)
      expect(tokenInUse(world)).toBe(updated?.status === 200 ? 'first-token' : TOKEN)
    })
  })
})

describe('two creates of one name at once', () => {
  it('create one source', async () => {
    await inEveryOrder(async (scheduler, { world, sources }) => {
      const create = () => world.post(sources, sourceBody({ name: 'New' }))
      expect(statuses(await together(scheduler, [create(), create()]))).toEqual([201, 400])
      expect(world.ports.registry.stored.sources.size).toBe(2)
    })
  })
})

describe('requests that are always faster', () => {
  it('make a restart give up with 409 after a while', async () => {
    const { world, path } = await sourceWorld()
    let rounds = 0
    world.readapt(ports => ({
      ...ports,
      registry: {
        ...ports.registry,
        replaceSource: async () => {
          rounds++
          return false
        },
      },
    }))
    expect((await world.post(`${path}/action/restart`)).status).toBe(409)
    expect(rounds).toBe(20)
  })
})
