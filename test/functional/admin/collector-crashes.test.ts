import { describe, expect, it } from 'vitest'
import type { AdminPorts } from '../../../functions/admin/admin-ports.ts'
import { type Kill, killable } from '../../support/killing.ts'
import { type AdminWorld, type Answer, adminWorld, COLLECTOR, sourceBody } from './admin-world.ts'

const LIST = '/api/v1/collectors'
const PATH = `${LIST}/100000001`
const EFFECTS = ['registry', 'tasks', 'bus'] as const
const MINUTES_LATER_MS = 5 * 60_000

const named = (name: string) => ({ collector: { ...COLLECTOR.collector, name } })

const countKills = (count: number): Kill[] =>
  Array.from({ length: count }, (_, at) => [
    { at, phase: 'before' as const },
    { at, phase: 'after' as const },
  ]).flat()

/** Sends over ports that die as told. Afterwards the function works again. */
async function dying(world: AdminWorld, work: () => Promise<Answer>, kill?: Kill): Promise<string[]> {
  let effects: string[] = []
  let killed: Promise<'killed'> | undefined
  world.readapt(ports => {
    const mortal = killable<AdminPorts>(ports, EFFECTS, kill)
    effects = mortal.effects
    killed = mortal.killed
    return mortal.ports
  })
  const done = work()
  await Promise.race([done, killed])
  world.readapt(ports => ports)
  return effects
}

const FIELDS = { team: 'a', stage: 'b' }
const withFields = { collector: { ...COLLECTOR.collector, fields: FIELDS } }

describe('the create of a collector that dies', () => {
  const work = (world: AdminWorld) => () => world.post(`${LIST}?autoEnableFields=true`, withFields)

  it('has these effects', async () => {
    const world = adminWorld()
    expect(await dying(world, work(world))).toEqual([
      'registry.nextId',
      'registry.reserveName',
      'registry.fieldSchema',
      'registry.nextId',
      'registry.nextId',
      'registry.fieldSchema',
      'registry.replaceFieldSchema',
      'registry.putCollector',
    ])
  })

  it.each(countKills(8))(
    '$phase effect $at, leaves a complete collector or none, and does not block the name for ever',
    async kill => {
      const world = adminWorld()
      await dying(world, work(world), kill)
      const { body } = await world.get(LIST)
      const [collector, ...others] = body['collectors'] as object[]
      expect(others).toEqual([])
      if (collector) expect(collector).toMatchObject(withFields.collector)
      world.state.nowMs += MINUTES_LATER_MS
      expect((await world.post(LIST, COLLECTOR)).status).toBe(collector ? 400 : 201)
    },
  )
})

describe('the update of a collector that dies', () => {
  async function prepared() {
    const world = adminWorld()
    await world.post(LIST, COLLECTOR)
    const { headers, body } = await world.get(PATH)
    const collector = { ...(body['collector'] as object), name: 'New', fields: FIELDS }
    const work = () => world.put(`${PATH}?autoEnableFields=true`, { collector }, headers['etag'])
    return { world, old: body, next: { collector }, work }
  }

  it('has these effects', async () => {
    const { world, work } = await prepared()
    expect(await dying(world, work)).toEqual([
      'registry.collector',
      'registry.reserveName',
      'registry.fieldSchema',
      'registry.nextId',
      'registry.nextId',
      'registry.fieldSchema',
      'registry.replaceFieldSchema',
      'registry.replaceCollector',
      'registry.releaseName',
    ])
  })

  it.each(countKills(9))(
    '$phase effect $at, leaves the old or the new collector, and the other name is free',
    async kill => {
      const { world, old, next, work } = await prepared()
      await dying(world, work, kill)
      const { body } = await world.get(PATH)
      const isNew = JSON.stringify(body).includes('New')
      expect(body).toEqual(isNew ? next : old)
      world.state.nowMs += MINUTES_LATER_MS
      expect((await world.post(LIST, named('New'))).status).toBe(isNew ? 400 : 201)
      expect((await world.post(LIST, COLLECTOR)).status).toBe(isNew ? 201 : 400)
    },
  )

  it.each(countKills(9))('$phase effect $at, can be repeated at once', async kill => {
    const { world, next, work } = await prepared()
    await dying(world, work, kill)
    const { headers } = await world.get(PATH)
    const { status, body } = await world.put(PATH, next, headers['etag'])
    expect([status, body]).toEqual([200, next])
  })
})

describe('the deletion of a collector that dies', () => {
  async function prepared() {
    const world = adminWorld()
    await world.post(LIST, COLLECTOR)
    await world.post(`${PATH}/sources`, sourceBody({ supported_apis: ['sign-in'] }))
    return { world, work: () => world.delete(PATH) }
  }

  it('has these effects', async () => {
    const { world, work } = await prepared()
    expect(await dying(world, work)).toEqual([
      'registry.collector',
      'registry.removeCollector',
      'registry.releaseName',
      'registry.sources',
      'registry.replaceSource',
      'registry.releaseName',
      'tasks.tasksOfSource',
      'tasks.stop',
      'bus.publishStopping',
    ])
  })

  it.each(countKills(9))('$phase effect $at, leaves everything or nothing visible', async kill => {
    const { world, work } = await prepared()
    await dying(world, work, kill)
    const { status } = await world.get(PATH)
    expect((await world.get(`${PATH}/sources/100000002`)).status).toBe(status)
    expect((await world.get(`${PATH}/sources`)).status).toBe(status)
    if (status === 200) expect((await world.delete(PATH)).status).toBe(200)
    world.state.nowMs += MINUTES_LATER_MS
    expect((await world.post(LIST, COLLECTOR)).status).toBe(201)
  })
})
