import { describe, expect, it } from 'vitest'
import { dispatch } from '../../../functions/dispatch/dispatch.ts'
import { systemRandom } from '../../../shared/adapters/system.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { fakeBus } from '../../support/fakes/bus.ts'
import { fakeClock } from '../../support/fakes/clock.ts'
import { fakeHealthEvents } from '../../support/fakes/health-events.ts'
import { fakeRegistry } from '../../support/fakes/registry.ts'
import { fakeTasks } from '../../support/fakes/tasks.ts'
import { fakeTicks } from '../../support/fakes/ticks.ts'
import { fakeTokenRemover } from '../../support/fakes/tokens.ts'
import { aFault } from '../../support/health.ts'
import { sampleSource, sampleTask } from '../../support/sample-task.ts'

const HOUR_MS = 3_600_000
const TICK_MS = 300_000

function haltedWorld(change: Partial<Task> = {}) {
  const clock = fakeClock()
  const error = aFault({ at: new Date(clock.now()).toISOString() })
  const tasks = fakeTasks([sampleTask({ state: 'Error', halted: true, version: 1, error, ...change })])
  const bus = fakeBus()
  const ports = {
    ...{ clock, tasks, bus },
    random: systemRandom,
    registry: { ...fakeRegistry(), registered: async () => sampleSource() },
    ticks: fakeTicks(),
    tokenRemover: fakeTokenRemover(new Map()),
    healthEvents: fakeHealthEvents(),
  }
  const tick = async (using: Partial<typeof ports> = {}) =>
    dispatch({ ...ports, ...using }, { quietLookMs: HOUR_MS })
  const tickFor = async (hours: number) => {
    for (let ms = 0; ms < hours * HOUR_MS; ms += TICK_MS) {
      clock.advance(TICK_MS)
      await tick()
    }
  }
  return { ports, bus, tasks, tick, tickFor }
}

const LOOK = { collectorId: 100000001, sourceId: 100000002, api: 'sign-in', reason: 'look' }

describe('a tick', () => {
  it('asks for one look an hour at a task with a configuration error', async () => {
    const { bus, tickFor } = haltedWorld()
    await tickFor(11 / 12)
    expect(bus.published).toEqual([])
    await tickFor(1 / 12)
    expect(bus.published).toEqual([LOOK])
    await tickFor(24)
    expect(bus.published).toHaveLength(25)
  })

  it('asks for none if looks are turned off', async () => {
    const { bus, ports } = haltedWorld()
    ports.clock.advance(1000 * HOUR_MS)
    await dispatch(ports, { quietLookMs: 0 })
    await dispatch(ports)
    expect(bus.published).toEqual([])
  })

  it('asks for one look though two ticks come at once', async () => {
    const { bus, ports, tick } = haltedWorld()
    ports.clock.advance(HOUR_MS)
    await Promise.all([tick(), tick()])
    expect(bus.published).toEqual([LOOK])
  })

  it('asks for the others if one cannot be noted, and throws', async () => {
    const { bus, ports, tasks, tick } = haltedWorld()
    const second = { ...tasks.items.get('100000002/sign-in'), sourceId: 3 } as Task
    tasks.items.set('3/sign-in', second)
    ports.clock.advance(HOUR_MS)
    const apply: typeof tasks.apply = async (key, transition) => {
      if (key.sourceId !== 3) throw new Error('throttled')
      return tasks.apply(key, transition)
    }
    await expect(tick({ tasks: { ...tasks, apply } })).rejects.toThrow('throttled')
    expect(bus.published).toEqual([{ ...LOOK, sourceId: 3 }])
  })

  it('waits an hour more if the bus refuses the event', async () => {
    const { bus, ports, tick } = haltedWorld()
    ports.clock.advance(HOUR_MS)
    const publishDue = () => Promise.reject(new Error('refused'))
    await expect(tick({ bus: { ...bus, publishDue } })).rejects.toThrow('refused')
    await tick()
    expect(bus.published).toEqual([])
    ports.clock.advance(HOUR_MS)
    await tick()
    expect(bus.published).toEqual([LOOK])
  })

  it('asks for a run and for no look if the user has updated the source', async () => {
    const { bus, ports, tick } = haltedWorld({ version: 0 })
    ports.clock.advance(HOUR_MS)
    await tick()
    expect(bus.published).toMatchObject([{ reason: 'updated' }])
  })
})
