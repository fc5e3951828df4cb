import { describe, expect, it } from 'vitest'
import type { TaskFault } from '../../../shared/domain/failure/failure.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { type Kill, killable } from '../../support/killing.ts'
import { type AdminWorld, type Answer, adminWorld, sourceBody } from './admin-world.ts'
import {
  collectorIn,
  created,
  ID,
  LIST,
  MASK,
  named,
  OTHER_URL,
  PATH,
  stored,
  sumo,
  URL,
  update,
  urlInUse,
  withDestinations,
} from './destination-world.ts'

const FAULT: TaskFault = {
  type: 'ThirdPartyConfig',
  code: 401,
  info: 'no',
  at: '2026-03-01T00:00:00.000Z',
  where: 'destination',
}

describe('a changed URL', () => {
  async function withSource(change: Partial<Task>) {
    const { world } = await created()
    await world.post(`${PATH}/sources`, sourceBody())
    for (const [index, task] of world.tasks.entries()) world.tasks[index] = { ...task, ...change }
    world.due.length = 0
    return world
  }

  it('restarts the sources that wait for it', async () => {
    const world = await withSource({ state: 'Error', halted: true, error: FAULT })
    await update(world, { destination: sumo({ url: OTHER_URL }) })
    expect(world.due.map(({ reason }) => reason)).toEqual(['restarted', 'restarted'])
    expect(world.tasks.map(({ state, halted }) => ({ state, halted }))).toEqual([
      { state: 'Pending', halted: undefined },
      { state: 'Pending', halted: undefined },
    ])
  })

  it.each<[string, Partial<Task>, object]>([
    ['other sources', { state: 'Collecting' }, sumo({ url: OTHER_URL })],
    [
      'sources that wait for something else',
      {
        state: 'Error',
        halted: true,
        error: { type: 'ThirdPartyConfig', code: 401, info: '', at: FAULT.at },
      },
      sumo({ url: OTHER_URL }),
    ],
    [
      'any, if only the lake was changed',
      { state: 'Error', halted: true, error: FAULT },
      sumo({ url: MASK }),
    ],
  ])('does not restart %s', async (_name, task, destination) => {
    const world = await withSource(task)
    await update(world, { destination })
    expect(world.due).toEqual([])
  })
})

describe('fields that Sumo Logic cannot take', () => {
  const faults = ({ body }: Answer) => body['faults']
  const BAD = { team: 'a,b', 'x=y': 'z' }

  it('of a collector are refused, each with its name', async () => {
    const { answer } = await created({ destination: sumo(), fields: BAD })
    expect(answer.status).toBe(400)
    expect(faults(answer)).toEqual([
      { field: 'fields.team', message: expect.stringMatching(/^must be without comma.*for Sumo Logic$/) },
      { field: 'fields.x=y', message: expect.stringMatching(/^must have a name without comma/) },
    ])
  })

  it('of a source are refused when it is created and when it is updated', async () => {
    const { world } = await created()
    const refused = await world.post(`${PATH}/sources`, sourceBody({ fields: BAD }))
    expect([refused.status, (faults(refused) as object[]).length]).toEqual([400, 2])
    expect(faults(refused)).toMatchObject([{ field: 'config.fields.team' }, { field: 'config.fields.x=y' }])
    await world.post(`${PATH}/sources`, sourceBody())
    const one = `${PATH}/sources/${ID + 1}`
    const read = await world.get(one)
    const { config, ...source } = read.body['source'] as { config: object }
    const body = { source: { ...source, config: { ...config, fields: BAD } } }
    expect((await world.put(one, body, read.headers['etag'])).status).toBe(400)
  })

  it('of a source keep its collector from getting that destination, and are named', async () => {
    const { world } = await created({})
    await world.post(`${PATH}/sources`, sourceBody({ fields: { team: 'a=b' } }))
    const answer = await update(world, { destination: sumo() })
    expect(answer.status).toBe(400)
    expect(faults(answer)).toEqual([
      {
        field: 'destination',
        message: expect.stringMatching(
          /^cannot have fields\.team of the source 1Pass: it must be without comma/,
        ),
      },
    ])
    expect(world.urls.size).toBe(0)
  })

  it('stay possible for the lake', async () => {
    const { answer } = await created({ fields: { team: 'a,b' } })
    expect(answer.status).toBe(201)
  })
})

describe('a request that dies', () => {
  const countKills = (count: number): Kill[] =>
    Array.from({ length: count }, (_, at) => [
      { at, phase: 'before' as const },
      { at, phase: 'after' as const },
    ]).flat()

  async function dying(world: AdminWorld, work: () => Promise<Answer>, kill: Kill): Promise<void> {
    let killed: Promise<'killed'> | undefined
    world.readapt(ports => {
      const mortal = killable(
        withDestinations()(ports),
        ['registry', 'destinationSecrets', 'tasks', 'bus'],
        kill,
      )
      killed = mortal.killed
      return mortal.ports
    })
    await Promise.race([work(), killed])
    world.readapt(withDestinations())
  }

  it('leaves a collector whose URL can be read, the old one or the new one', async () => {
    for (const kill of countKills(8)) {
      const { world } = await created()
      const read = await world.get(PATH)
      const collector = { ...collectorIn(read), destination: sumo({ url: OTHER_URL }) }
      await dying(world, () => world.put(PATH, { collector }, read.headers['etag']), kill)
      expect([URL, OTHER_URL], JSON.stringify(kill)).toContain(urlInUse(world))
    }
  })

  it('while it creates one leaves none without a URL', async () => {
    for (const kill of countKills(5)) {
      const world = adminWorld(withDestinations())
      await dying(world, () => world.post(LIST, named({ destination: sumo() })), kill)
      if (stored(world)) expect(urlInUse(world), JSON.stringify(kill)).toBe(URL)
    }
  })
})
