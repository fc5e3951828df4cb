import { describe, expect, it } from 'vitest'
import { dispatch } from '../../../functions/dispatch/dispatch.ts'
import { systemRandom } from '../../../shared/adapters/system.ts'
import type { Task, TaskKey } from '../../../shared/domain/task/task.ts'
import { fakeBus } from '../../support/fakes/bus.ts'
import { fakeClock } from '../../support/fakes/clock.ts'
import { fakeHealthEvents } from '../../support/fakes/health-events.ts'
import { fakeRegistry } from '../../support/fakes/registry.ts'
import { fakeTasks } from '../../support/fakes/tasks.ts'
import { fakeTicks } from '../../support/fakes/ticks.ts'
import { fakeTokenRemover } from '../../support/fakes/tokens.ts'
import { healthAfter } from '../../support/health.ts'
import { sampleSource, sampleTask } from '../../support/sample-task.ts'

const clock = fakeClock()
const older = (sourceId: number, rest: Partial<Task> = {}) =>
  sampleTask({ sourceId, schema: 1, state: 'Collecting', ...rest })

/** Ports over a table, and the keys of what was upgraded of it. */
function world(found: readonly Task[], refused?: number) {
  const table = fakeTasks(found)
  const upgraded: number[] = []
  const tasks = {
    ...table,
    async upgrade(key: TaskKey, nowMs: number) {
      upgraded.push(key.sourceId)
      if (key.sourceId === refused) throw new Error('throttled')
      return table.upgrade(key, nowMs)
    },
  }
  const bus = fakeBus()
  const ports = {
    clock,
    random: systemRandom,
    registry: { ...fakeRegistry(), registered: async () => sampleSource() },
    ticks: fakeTicks(),
    tokenRemover: fakeTokenRemover(new Map()),
    healthEvents: fakeHealthEvents(),
    tasks,
    bus,
  }
  const due = () => bus.published.map(({ sourceId }) => sourceId)
  return { ports, table, upgraded, bus, due }
}

describe('a task that an earlier deployment stored', () => {
  it('is upgraded by the tick that finds it, and collected', async () => {
    const { ports, upgraded, due } = world([older(1), sampleTask({ sourceId: 2 })])
    expect(await dispatch(ports)).toMatchObject({ tasks: 2, due: 2 })
    expect(due()).toEqual([1, 2])
    await dispatch(ports)
    expect(upgraded).toEqual([1])
  })

  it('stays unchanged while it is leased, even if it has unpublished health events', async () => {
    const leased = { leaseOwner: 'run', leaseExpiresMs: clock.now() + 1000, health: healthAfter() }
    const task = older(1, leased)
    const { ports, table, bus, due } = world([task, sampleTask({ sourceId: 2 })])
    expect(await dispatch(ports)).toMatchObject({ tasks: 2, due: 1 })
    expect(due()).toEqual([2])
    expect(bus.health).toEqual([])
    expect(table.get(task)).toEqual(task)
  })

  it('is dispatched as abandoned if its lease has expired', async () => {
    const { ports } = world([older(1, { leaseOwner: 'run', leaseExpiresMs: clock.now() })])
    expect(await dispatch(ports)).toMatchObject({ due: 1, leaseExpired: 1 })
  })

  it('does not keep other tasks from being collected if it cannot be upgraded, and the tick reports the error', async () => {
    const { ports, due } = world([older(1), older(2), sampleTask({ sourceId: 3 })], 1)
    await expect(dispatch(ports)).rejects.toThrow('throttled')
    expect(due()).toEqual([2, 3])
  })
})
