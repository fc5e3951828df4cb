import { describe, expect, it } from 'vitest'
import { adminWorld, COLLECTOR, sourceBody } from './admin-world.ts'

const LIST = '/api/v1/collectors'
const PATH = `${LIST}/100000001`

/** A world with one collector, and what its GET answered. */
async function created(members: object = {}) {
  const world = adminWorld()
  await world.post(LIST, { collector: { ...COLLECTOR.collector, ...members } })
  return { world, ...(await current(world)) }
}

async function current(world: ReturnType<typeof adminWorld>) {
  const { headers, body } = await world.get(PATH)
  return { etag: headers['etag'], collector: body['collector'] as { [member: string]: unknown } }
}

const named = (name: string) => ({ collector: { ...COLLECTOR.collector, name } })

describe('the update of a collector', () => {
  it('accepts the edited answer of a GET, and answers like the next GET, with a new tag', async () => {
    const { world, etag, collector } = await created({ description: 'd', fields: { team: 'a' } })
    const edited = { ...collector, name: 'Renamed', category: 'c', fields: { team: 'b' } }
    const { status, headers, body } = await world.put(PATH, { collector: edited }, etag)
    expect([status, body]).toEqual([200, { collector: edited }])
    expect(headers['etag']).not.toBe(etag)
    expect(await world.get(PATH)).toMatchObject({ headers: { etag: headers['etag'] }, body })
  })

  it('unsets what is left out, except the destination, which not every client knows', async () => {
    const { world, etag } = await created({ description: 'd', category: 'c', timeZone: 'Europe/Rome' })
    const { body } = await world.put(PATH, { collector: { ...COLLECTOR.collector, id: 100000001 } }, etag)
    expect(body['collector']).not.toHaveProperty('description')
    expect(body['collector']).not.toHaveProperty('category')
    expect(body['collector']).toMatchObject({ timeZone: 'UTC', destination: { type: 'lake' }, fields: {} })
  })

  it('ignores members that the user cannot change', async () => {
    const { world, etag, collector } = await created()
    const sent = {
      ...collector,
      alive: false,
      lastSeenAlive: 1,
      links: [],
      ephemeral: true,
      hostName: 'h',
      collectorVersion: '19.1',
    }
    const { status, body } = await world.put(PATH, { collector: sent }, etag)
    expect([status, body]).toEqual([200, { collector }])
  })

  it.each([
    [{ id: 100000002 }, 'id', 'must be 100000001, the number in the path'],
    [{ id: '100000001' }, 'id', 'must be 100000001, the number in the path'],
    [{ id: null }, 'id', 'must be 100000001, the number in the path'],
    [{ collectorType: 'Installable' }, 'collectorType', 'must be "Hosted"'],
    [{ name: '' }, 'name', 'is required'],
    [{ destination: { type: 'x' } }, 'destination.type', 'must be one of lake'],
  ])('refuses %j', async (change, field, message) => {
    const { world, etag, collector } = await created()
    const { status, body } = await world.put(PATH, { collector: { ...collector, ...change } }, etag)
    expect(status).toBe(400)
    expect(body['faults']).toEqual([{ field, message }])
    expect((await current(world)).etag).toBe(etag)
  })

  it('reports all faults in one answer, those of the query too', async () => {
    const { world, etag } = await created()
    const { body } = await world.put(
      `${PATH}?autoEnableFields=x`,
      { collector: { name: 1, fields: 2 } },
      etag,
    )
    expect((body['faults'] as { field: string }[]).map(({ field }) => field)).toEqual([
      'autoEnableFields',
      'collectorType',
      'id',
      'name',
      'fields',
    ])
  })

  it('keeps its name if it is not renamed, and if it is renamed and then gets its old name again', async () => {
    const { world, collector } = await created()
    for (const name of ['Security', 'Other', 'Security']) {
      const { etag } = await current(world)
      expect((await world.put(PATH, { collector: { ...collector, name } }, etag)).status).toBe(200)
      expect((await world.post(LIST, named(name))).status).toBe(400)
    }
    expect((await world.post(LIST, named('Other'))).status).toBe(201)
  })

  it('refuses the name of another collector and frees the old name at once', async () => {
    const { world, etag, collector } = await created()
    await world.post(LIST, named('Taken'))
    const taken = await world.put(PATH, { collector: { ...collector, name: 'Taken' } }, etag)
    expect([taken.status, taken.body['code']]).toEqual([400, 'collectors.validation.name.duplicate'])
    expect((await world.put(PATH, { collector: { ...collector, name: 'Free' } }, etag)).status).toBe(200)
    expect((await world.post(LIST, COLLECTOR)).status).toBe(201)
    expect((await world.post(LIST, named('Free'))).status).toBe(400)
  })

  it('lets one of two simultaneous writers win; the other gets 412, and nothing is half written', async () => {
    const { world, etag, collector } = await created()
    const bodies = ['a', 'b'].map(letter => ({
      collector: { ...collector, name: letter, description: letter, fields: { letter } },
    }))
    const answers = await Promise.all(bodies.map(body => world.put(PATH, body, etag)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
    const winner = answers.findIndex(({ status }) => status === 200)
    expect((await world.get(PATH)).body).toEqual(bodies[winner])
    const lost = ['a', 'b'][1 - winner] ?? ''
    world.state.nowMs += 61_000
    expect((await world.post(LIST, named(lost))).status).toBe(201)
    expect((await world.post(LIST, COLLECTOR)).status).toBe(201)
  })

  it('gives a name that two simultaneous writers want to the one that wins', async () => {
    const { world, etag, collector } = await created()
    const body = (category: string) => ({ collector: { ...collector, name: 'Wanted', category } })
    const answers = await Promise.all(['a', 'b'].map(category => world.put(PATH, body(category), etag)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
    world.state.nowMs += 3_600_000
    expect((await world.post(LIST, named('Wanted'))).status).toBe(400)
  })

  it('succeeds if only the release of the old name fails; that name is free a minute later', async () => {
    const { world, etag, collector } = await created()
    world.readapt(ports => ({
      ...ports,
      registry: { ...ports.registry, releaseName: async () => Promise.reject(new Error('away')) },
    }))
    expect((await world.put(PATH, { collector: { ...collector, name: 'New' } }, etag)).status).toBe(200)
    world.readapt(ports => ports)
    world.state.nowMs += 61_000
    expect((await world.post(LIST, COLLECTOR)).status).toBe(201)
  })
})

describe('the deletion of a collector', () => {
  async function withSources() {
    const { world } = await created()
    await world.post(`${PATH}/sources`, sourceBody())
    await world.post(`${PATH}/sources`, sourceBody({ name: 'second', supported_apis: ['audit'] }))
    return world
  }

  it('answers 200 without a body, and everything below the collector is gone at once', async () => {
    const world = await withSources()
    const { status, text } = await world.delete(PATH)
    expect([status, text]).toEqual([200, ''])
    const sourcePath = `${PATH}/sources/100000002`
    for (const path of [PATH, `${PATH}/sources`, sourcePath]) expect((await world.get(path)).status).toBe(404)
    expect((await world.post(`${sourcePath}/action/restart`)).status).toBe(404)
    expect((await world.post(`${PATH}/sources`, sourceBody({ name: 'x' }))).status).toBe(404)
    expect((await world.delete(PATH)).status).toBe(404)
    expect((await world.get(LIST)).body).toEqual({ collectors: [] })
  })

  it('stops every task of every source and asks for the rest of their deletion', async () => {
    const world = await withSources()
    await world.delete(PATH)
    expect(world.tasks.map(({ api, state }) => [api, state])).toEqual([
      ['sign-in', 'Stopping'],
      ['itemUsage', 'Stopping'],
      ['auditEvents', 'Stopping'],
    ])
    expect(world.stopping).toEqual(
      [100000002, 100000003].map(sourceId => ({ collectorId: 100000001, sourceId })),
    )
  })

  it('works while a source is still Stopping', async () => {
    const world = await withSources()
    expect((await world.delete(`${PATH}/sources/100000002`)).status).toBe(200)
    expect((await world.delete(PATH)).status).toBe(200)
  })

  it('frees its name at once', async () => {
    const { world } = await created()
    await world.delete(PATH)
    expect((await world.post(LIST, COLLECTOR)).status).toBe(201)
  })

  it('succeeds although another request changes the collector meanwhile', async () => {
    const { world, etag, collector } = await created()
    const body = { collector: { ...collector, description: 'changed' } }
    const [update, removal] = await Promise.all([world.put(PATH, body, etag), world.delete(PATH)])
    expect(removal.status).toBe(200)
    expect([200, 412]).toContain(update.status)
    expect((await world.get(PATH)).status).toBe(404)
  })

  it('is done by one of two simultaneous requests', async () => {
    const { world } = await created()
    const answers = await Promise.all([world.delete(PATH), world.delete(PATH)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404])
  })

  it.each([
    ['bus', { publishDue: async () => {}, publishStopping: async () => Promise.reject(new Error('away')) }],
    ['tasks', { tasksOfSource: async () => Promise.reject(new Error('away')) }],
  ])('succeeds although the %s fails after it', async (port, broken) => {
    const world = await withSources()
    world.readapt(ports => ({ ...ports, [port]: broken }))
    expect((await world.delete(PATH)).status).toBe(200)
    expect((await world.get(PATH)).status).toBe(404)
    expect(world.logged.every(({ level }) => level === 'warn')).toBe(true)
    expect(world.logged.length).toBeGreaterThan(0)
  })
})
