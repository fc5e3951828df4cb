import { describe, expect, it } from 'vitest'
import { finishDeletion } from '../../../functions/dispatch/deletion.ts'
import { dispatch } from '../../../functions/dispatch/dispatch.ts'
import { systemRandom } from '../../../shared/adapters/system.ts'
import type { HealthChange } from '../../../shared/domain/task/task-health.ts'
import { fakeBus } from '../../support/fakes/bus.ts'
import { fakeClock } from '../../support/fakes/clock.ts'
import { fakeHealthEvents } from '../../support/fakes/health-events.ts'
import { fakeRegistry } from '../../support/fakes/registry.ts'
import { fakeTasks } from '../../support/fakes/tasks.ts'
import { fakeTicks } from '../../support/fakes/ticks.ts'
import { fakeTokenRemover } from '../../support/fakes/tokens.ts'
import { healthAfter, SUBJECT } from '../../support/health.ts'
import { type Kill, killable } from '../../support/killing.ts'
import { sampleSource, sampleTask } from '../../support/sample-task.ts'

const { collector, source } = sampleSource({ source: { stopping: true, version: 2 } })
const STOPPING = { collectorId: collector.id, sourceId: source.id }
const AT = '2026-03-01T13:00:00.000Z'

const withoutUntold = () => {
  const { untold: _, ...health } = healthAfter()
  return health
}

describe('a tick', () => {
  it('publishes the health events that a dead run did not publish, and the others if one cannot be published', async () => {
    const subjects = [1, 2, 3].map(sourceId => ({ ...SUBJECT, sourceId }))
    const tasks = fakeTasks(
      subjects.map(subject =>
        sampleTask({ sourceId: subject.sourceId, state: 'Error', health: healthAfter({ subject }) }),
      ),
    )
    const healthEvents = fakeHealthEvents()
    const record = async (sourceId: number, change: HealthChange): Promise<void> => {
      if (sourceId === 2) throw new Error('throttled')
      await healthEvents.record(sourceId, change)
    }
    const bus = fakeBus()
    const registry = { ...fakeRegistry(), registered: async () => sampleSource() }
    const tokenRemover = fakeTokenRemover(new Map())
    const ports = {
      clock: fakeClock(),
      random: systemRandom,
      registry,
      tasks,
      ticks: fakeTicks(),
      tokenRemover,
      bus,
    }
    await expect(dispatch({ ...ports, healthEvents: { record } })).rejects.toThrow('throttled')
    expect(bus.published).toHaveLength(3)
    expect(healthEvents.open()).toHaveLength(2)
    await dispatch({ ...ports, healthEvents })
    expect(healthEvents.open()).toHaveLength(3)
    expect(bus.health.map(({ resourceIdentity: { id } }) => Number.parseInt(id, 16))).toEqual([1, 3, 2])
    await dispatch({ ...ports, healthEvents })
    expect(bus.health).toHaveLength(3)
  })
})

describe('the deletion of a source', () => {
  async function world(health = withoutUntold()) {
    const clock = fakeClock()
    const registry = fakeRegistry()
    await registry.putCollector(collector)
    await registry.putSource(source)
    const stopped = { state: 'Stopping', stateSince: AT } as const
    const tasks = fakeTasks([
      sampleTask({ ...stopped, health }),
      sampleTask({ ...stopped, api: 'auditEvents' }),
    ])
    const bus = fakeBus()
    const healthEvents = fakeHealthEvents()
    for (const change of healthAfter().untold ?? []) await healthEvents.record(source.id, change)
    const ports = {
      clock,
      random: systemRandom,
      registry,
      tasks,
      ticks: fakeTicks(),
      tokenRemover: fakeTokenRemover(new Map()),
      bus,
      healthEvents,
    }
    return { ports, bus, healthEvents, tasks, clock }
  }

  it('closes its open health events, with the time of the stop, and publishes them', async () => {
    const { ports, bus, healthEvents } = await world()
    expect(healthEvents.open()).toHaveLength(1)
    expect(await finishDeletion(ports, STOPPING)).toBe(true)
    expect(healthEvents.open()).toEqual([])
    expect(bus.health).toMatchObject([
      {
        status: 'Healthy',
        eventTime: AT,
        details: { description: expect.stringContaining('deleted') },
        resourceIdentity: { collectorName: 'Team', name: '1Pass' },
      },
    ])
  })

  it('names what is still known if its collector is gone', async () => {
    const { ports, bus } = await world()
    ports.registry.stored.collectors.clear()
    expect(await finishDeletion(ports, STOPPING)).toBe(true)
    expect(bus.health).toMatchObject([{ resourceIdentity: { collectorName: 'Unknown', name: '1Pass' } }])
  })

  it('publishes unpublished health events first', async () => {
    const { ports, bus } = await world(healthAfter())
    await finishDeletion(ports, STOPPING)
    expect(bus.health.map(({ status }) => status)).toEqual(['UnHealthy', 'Healthy'])
  })

  it('that dies at any effect leaves nothing open after the next tick, and one recovery in the history', async () => {
    async function dying(kill?: Kill) {
      const made = await world()
      const { ports, killed, effects } = killable(
        made.ports,
        ['registry', 'tasks', 'tokenRemover', 'bus', 'healthEvents'],
        kill,
      )
      await Promise.race([killed, finishDeletion(ports, STOPPING)])
      return { ...made, effects }
    }
    const { effects } = await dying()
    for (const at of effects.keys()) {
      for (const phase of ['before', 'after'] as const) {
        const { ports, healthEvents, tasks, bus, clock } = await dying({ at, phase })
        clock.advance(300_000)
        await dispatch(ports)
        const about = `${phase} ${effects[at]}`
        expect(healthEvents.open(), about).toEqual([])
        expect(healthEvents.histories.get(source.id)?.size, about).toBe(2)
        expect(new Set(bus.health.map(({ eventId }) => eventId)).size, about).toBe(1)
        expect(tasks.items.size, about).toBe(0)
      }
    }
  })
})
