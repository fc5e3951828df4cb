import { describe, expect, it } from 'vitest'
import { collect } from '../../../functions/collect/collect.ts'
import { dispatch } from '../../../functions/dispatch/dispatch.ts'
import { COLLECT_TIMEOUT_SECONDS, TICK_MINUTES } from '../../../shared/contract/timing.ts'
import { eventsFrom } from '../../support/collect-world.ts'
import { fakeBus } from '../../support/fakes/bus.ts'
import { fakeClock } from '../../support/fakes/clock.ts'
import { fakeDestinations } from '../../support/fakes/destinations.ts'
import { fakeEventsApi } from '../../support/fakes/events-api.ts'
import { fakeHealthEvents } from '../../support/fakes/health-events.ts'
import { fakeLake } from '../../support/fakes/lake.ts'
import { fakeTasks } from '../../support/fakes/tasks.ts'
import { fakeTicks } from '../../support/fakes/ticks.ts'
import { fakeTokenRemover, fakeTokens } from '../../support/fakes/tokens.ts'
import type { AdminWorld } from './admin-world.ts'
import { dying, kills } from './dying.ts'
import { COLLECTOR_ID, edited, SOURCE_ID, sourceWorld, storedSource, tokenInUse } from './source-world.ts'

const CHANGE = {
  name: 'New',
  api_token: 'another-T0ken',
  supported_apis: ['itemUsage', 'auditEvents'],
  fields: { team: 'x' },
}

/** Some ticks and the runs that they ask for, while nobody sends a request. */
async function goOn(world: AdminWorld) {
  const clock = fakeClock(world.state.nowMs)
  const eventsApi = fakeEventsApi(eventsFrom(0, 3, world.state.nowMs - 3_600_000))
  eventsApi.token = tokenInUse(world) ?? ''
  eventsApi.features = ['signinattempts', 'itemusages', 'auditevents']
  const bus = fakeBus()
  const tasks = fakeTasks(world.tasks)
  const { registry, log, expressions } = world.ports
  const random = { uuid: () => crypto.randomUUID(), fraction: () => 0.5 }
  const stores = { tasks, registry, lake: fakeLake(), healthEvents: fakeHealthEvents() }
  const shared = { clock, bus, log, random, eventsApi, ...stores }
  const dispatching = { ...shared, ticks: fakeTicks(), tokenRemover: fakeTokenRemover(world.secrets) }
  const collecting = {
    ...{ ...shared, expressions, destinations: fakeDestinations() },
    tokens: fakeTokens(world.secrets, clock),
  }
  const settings = { pageSize: 10, allowedHosts: world.ports.settings.allowedHosts }
  for (let tick = 0; tick < 3; tick++) {
    clock.advance(TICK_MINUTES * 60_000)
    await dispatch(dispatching)
    for (const due of bus.published.splice(0)) {
      const deadlineMs = clock.now() + COLLECT_TIMEOUT_SECONDS * 1000
      await collect(collecting, settings, due, { runId: random.uuid(), deadlineMs })
    }
  }
  return tasks
}

async function beforeUpdate() {
  const source = await sourceWorld()
  const { world, path } = source
  const read = await world.get(path)
  const put = () => world.put(`${path}?autoEnableFields=true`, edited(read, CHANGE), read.headers['etag'])
  return { ...source, put }
}

/** Which APIs have a task that collects what the source is, and the others. */
async function collectedApis(world: AdminWorld) {
  const tasks = await (await goOn(world)).tasksOfSource(SOURCE_ID)
  const { version } = storedSource(world)
  const isCollected = (task: (typeof tasks)[number]): boolean =>
    task.state === 'Collecting' && task.version === version && task.events === 3
  return tasks
    .filter(isCollected)
    .map(({ api }) => api)
    .toSorted()
}

describe('an update that dies', () => {
  it.each(kills(15))('$phase effect $at leaves every API of the source to be collected', async kill => {
    const { world, put } = await beforeUpdate()
    await dying(world, put, kill)
    expect(await collectedApis(world)).toEqual([...storedSource(world).apis].toSorted())
  })

  it('has no other effects than these', async () => {
    const { world, put } = await beforeUpdate()
    expect(await dying(world, put)).toHaveLength(15)
  })

  it('or loses a race leaves a task that waits for its API', async () => {
    const { world, path, put } = await beforeUpdate()
    world.readapt(ports => ({
      ...ports,
      registry: {
        ...ports.registry,
        replaceSource: async (source, version) => {
          const stored = storedSource(world)
          await ports.registry.replaceSource({ ...stored, category: 'faster', version: 2 }, 1)
          return ports.registry.replaceSource(source, version)
        },
      },
    }))
    expect((await put()).status).toBe(412)
    world.readapt(ports => ports)
    expect(await collectedApis(world)).toEqual(['itemUsage', 'sign-in'])
    expect((await world.get(path)).body['source']).toMatchObject({ category: 'faster' })
    expect(world.stopping).not.toContainEqual({ collectorId: COLLECTOR_ID, sourceId: SOURCE_ID })
  })
})
