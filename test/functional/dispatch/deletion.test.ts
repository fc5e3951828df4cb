import { describe, expect, it } from 'vitest'
import { finishDeletion } from '../../../functions/dispatch/deletion.ts'
import { dispatch } from '../../../functions/dispatch/dispatch.ts'
import { systemRandom } from '../../../shared/adapters/system.ts'
import type { Source } from '../../../shared/domain/source/source.ts'
import { saveTask } from '../../../shared/domain/task/life.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { applied } from '../../support/applying.ts'
import { fakeBus } from '../../support/fakes/bus.ts'
import { fakeClock } from '../../support/fakes/clock.ts'
import { fakeHealthEvents } from '../../support/fakes/health-events.ts'
import { fakeRegistry } from '../../support/fakes/registry.ts'
import { fakeTasks } from '../../support/fakes/tasks.ts'
import { fakeTicks } from '../../support/fakes/ticks.ts'
import { type FakeSecrets, fakeTokenRemover, secretOf } from '../../support/fakes/tokens.ts'
import { type Kill, killable } from '../../support/killing.ts'
import { sampleSource, sampleTask } from '../../support/sample-task.ts'

const { collector, source } = sampleSource({ source: { apis: ['sign-in', 'auditEvents'] } })
const STOPPING = { collectorId: collector.id, sourceId: source.id }

/** A source with two tasks, and its deletion as far as the user's request got. */
async function world({
  change = {} as Partial<Source>,
  tasks = {} as Partial<Task>,
  collectorGone = false,
} = {}) {
  const clock = fakeClock()
  const registry = fakeRegistry()
  if (!collectorGone) await registry.putCollector(collector)
  await registry.reserveName({ ...STOPPING, name: source.name, ownerId: source.id, nowMs: clock.now() })
  await registry.putSource({ ...source, ...change })
  const secrets: FakeSecrets = new Map([[source.id, secretOf('the-token')]])
  const table = fakeTasks([sampleTask(tasks), sampleTask({ api: 'auditEvents', ...tasks })])
  const bus = fakeBus()
  const healthEvents = fakeHealthEvents()
  const ports = {
    clock,
    random: systemRandom,
    registry,
    tasks: table,
    ticks: fakeTicks(),
    tokenRemover: fakeTokenRemover(secrets),
    bus,
    healthEvents,
  }
  const left = () => ({
    tasks: table.items.size,
    secrets: secrets.size,
    sources: registry.stored.sources.size,
  })
  const isNameFree = () =>
    registry.reserveName({ ...STOPPING, name: source.name, ownerId: 7, nowMs: clock.now() })
  return { ports, clock, left, isNameFree, bus, table }
}

const NOTHING = { tasks: 0, secrets: 0, sources: 0 }
const ALL = { tasks: 2, secrets: 1, sources: 1 }

describe('the deletion of a source', () => {
  it('removes secret, name, source and tasks', async () => {
    const { ports, left, isNameFree } = await world({ change: { stopping: true, version: 2 } })
    expect(await finishDeletion(ports, STOPPING)).toBe(true)
    expect(left()).toEqual(NOTHING)
    expect(await isNameFree()).toBe(true)
  })

  it('waits for a run in flight, and stops it from saving', async () => {
    const lease = { leaseOwner: 'run', fence: 1, leaseExpiresMs: fakeClock().now() + 60_000 }
    const { ports, left, clock, table } = await world({
      change: { stopping: true, version: 2 },
      tasks: lease,
    })
    expect(await finishDeletion(ports, STOPPING)).toBe(false)
    expect(left()).toEqual(ALL)
    expect(await applied(table, sampleTask(), saveTask(1, { cursor: 'late' }))).toBeUndefined()
    clock.advance(61_000)
    expect(await finishDeletion(ports, STOPPING)).toBe(true)
    expect(left()).toEqual(NOTHING)
  })

  it('waits for a run in flight also if only one of the tasks has one', async () => {
    const { ports, left, table, clock } = await world({ change: { stopping: true, version: 2 } })
    const leased = { leaseOwner: 'run', fence: 1, leaseExpiresMs: clock.now() + 60_000 }
    table.items.set(`${source.id}/auditEvents`, sampleTask({ api: 'auditEvents', ...leased }))
    expect(await finishDeletion(ports, STOPPING)).toBe(false)
    expect(left()).toEqual(ALL)
  })

  it('is refused for tasks without a source while a create request may still write it', async () => {
    const { ports, clock, table, left } = await world()
    await ports.registry.removeSource(collector.id, source.id)
    const fresh = sampleTask({ api: 'auditEvents', createdAt: new Date(clock.now()).toISOString() })
    table.items.set(`${source.id}/auditEvents`, fresh)
    clock.advance(60_000)
    expect(await finishDeletion(ports, STOPPING)).toBe(false)
    expect(left()).toMatchObject({ tasks: 2, secrets: 1 })
    clock.advance(1)
    expect(await finishDeletion(ports, STOPPING)).toBe(true)
    expect(left()).toEqual(NOTHING)
  })

  it('is refused for a source that nobody has deleted', async () => {
    const { ports, left, table } = await world()
    expect(await finishDeletion(ports, STOPPING)).toBe(false)
    expect(left()).toEqual(ALL)
    expect(table.get(sampleTask())?.state).toBe('Pending')
  })

  it('also happens if its collector was deleted', async () => {
    const { ports, left } = await world({ collectorGone: true })
    expect(await finishDeletion(ports, STOPPING)).toBe(true)
    expect(left()).toEqual(NOTHING)
  })

  it('removes the tasks that a create request left when it died', async () => {
    const clock = fakeClock()
    const secrets: FakeSecrets = new Map([[source.id, secretOf('the-token')]])
    const table = fakeTasks([sampleTask({ createdAt: new Date(clock.now()).toISOString() })])
    const tokenRemover = fakeTokenRemover(secrets)
    const told = { bus: fakeBus(), healthEvents: fakeHealthEvents() }
    const ports = {
      clock,
      random: systemRandom,
      registry: fakeRegistry(),
      tasks: table,
      ticks: fakeTicks(),
      tokenRemover,
      ...told,
    }
    expect(await finishDeletion(ports, STOPPING)).toBe(false)
    clock.advance(61_000)
    expect(await finishDeletion(ports, STOPPING)).toBe(true)
    expect([table.items.size, secrets.size]).toEqual([0, 0])
  })

  it.each([
    ['the tasks were stopped', { state: 'Stopping' as const }],
    ['no task was told and they are halted', { halted: true, state: 'Error' as const }],
  ])('is completed by the tick if the request died after %s', async (_name, tasks) => {
    const { ports, left } = await world({ change: { stopping: true, version: 2 }, tasks })
    await dispatch(ports)
    expect(left()).toEqual(NOTHING)
  })

  it('that fails for one source does not delay another one', async () => {
    const { ports, left, table } = await world({
      change: { stopping: true, version: 2 },
      tasks: { state: 'Stopping' },
    })
    await table.create(sampleTask({ sourceId: 99, createdAt: '2026-01-01T00:00:00.000Z', state: 'Stopping' }))
    const { removeToken } = ports.tokenRemover
    const tokenRemover = {
      removeToken: (id: number) => (id === 99 ? Promise.reject(new Error('denied')) : removeToken(id)),
    }
    const stuckFirst = {
      ...table,
      scan: async () => ({ tasks: [...table.items.values()].reverse() }),
    }
    await expect(dispatch({ ...ports, tasks: stuckFirst, tokenRemover })).rejects.toThrow('denied')
    expect(left()).toEqual({ tasks: 1, secrets: 0, sources: 0 })
  })

  it('that dies at any effect is completed by the ticks that follow, and the name is free', async () => {
    const deleting = () => world({ change: { stopping: true, version: 2 }, tasks: { state: 'Stopping' } })
    const dyingTick = async (kill?: Kill) => {
      const one = await deleting()
      const { ports, killed, effects } = killable(
        one.ports,
        ['registry', 'tasks', 'tokenRemover', 'bus', 'healthEvents'],
        kill,
      )
      await Promise.race([killed, dispatch(ports)])
      return { ...one, effects }
    }
    const { effects } = await dyingTick()
    expect(effects.length).toBeGreaterThan(6)
    for (const at of effects.keys()) {
      for (const phase of ['before', 'after'] as const) {
        const { ports, left, isNameFree, clock } = await dyingTick({ at, phase })
        clock.advance(300_000)
        await dispatch(ports)
        expect(left(), `${phase} ${effects[at]}`).toEqual(NOTHING)
        expect(await isNameFree()).toBe(true)
      }
    }
  })
})

describe('a halted task', () => {
  it('begins again at the tick if its source was updated and the request died before it renewed the task', async () => {
    const { ports, bus, table } = await world({
      change: { version: 3 },
      tasks: { halted: true, state: 'Error', version: 2 },
    })
    await dispatch(ports)
    expect(table.get(sampleTask())).toMatchObject({ state: 'Pending' })
    expect(table.get(sampleTask())?.halted).toBeUndefined()
    expect(bus.published).toMatchObject([{ reason: 'updated' }, { reason: 'updated' }])
  })

  it.each([
    ['its source is as it was', { version: 2 }],
    ['its API was taken out of the source', { version: 3, apis: ['itemUsage'] as const }],
  ])('stays halted if %s', async (_name, change) => {
    const { ports, bus, left } = await world({ change, tasks: { halted: true, state: 'Error', version: 2 } })
    await dispatch(ports)
    expect(bus.published).toEqual([])
    expect(left()).toEqual(ALL)
  })
})
