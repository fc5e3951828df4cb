import { describe, expect, it } from 'vitest'
import { dispatch } from '../../../functions/dispatch/dispatch.ts'
import { systemRandom } from '../../../shared/adapters/system.ts'
import { opened } from '../../../shared/domain/task/episode.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { fakeBus } from '../../support/fakes/bus.ts'
import { fakeClock } from '../../support/fakes/clock.ts'
import { fakeHealthEvents } from '../../support/fakes/health-events.ts'
import { fakeRegistry } from '../../support/fakes/registry.ts'
import { fakeTasks } from '../../support/fakes/tasks.ts'
import { fakeTicks } from '../../support/fakes/ticks.ts'
import { fakeTokenRemover } from '../../support/fakes/tokens.ts'
import { aFault, healthAfter, SUBJECT } from '../../support/health.ts'
import { sampleSource, sampleTask } from '../../support/sample-task.ts'

const clock = fakeClock()

const task = (sourceId: number, rest: Partial<Task> = {}): Task =>
  sampleTask({ sourceId, collectorId: 1, state: 'Collecting', ...rest })

/** Ports for sources that have not changed since their tasks were written. */
const quiet = () => ({
  clock,
  random: systemRandom,
  registry: { ...fakeRegistry(), registered: async () => sampleSource() },
  ticks: fakeTicks(),
  tokenRemover: fakeTokenRemover(new Map()),
  healthEvents: fakeHealthEvents(),
})

async function tick(tasks: Task[]) {
  const bus = fakeBus()
  const report = await dispatch({ ...quiet(), tasks: fakeTasks(tasks), bus })
  return { report, published: bus.published }
}

describe('a tick', () => {
  it('dispatches every free task', async () => {
    const { report, published } = await tick([
      task(1),
      task(1, { api: 'auditEvents' }),
      task(2, { state: 'Pending' }),
    ])
    expect(published).toEqual([
      { collectorId: 1, sourceId: 1, api: 'sign-in', reason: 'tick' },
      { collectorId: 1, sourceId: 1, api: 'auditEvents', reason: 'tick' },
      { collectorId: 1, sourceId: 2, api: 'sign-in', reason: 'tick' },
    ])
    expect(report).toMatchObject({ tasks: 3, due: 3, leaseExpired: 0 })
  })

  it('does not dispatch a task that is leased, halted or Stopping', async () => {
    const leased = { leaseOwner: 'run', leaseExpiresMs: clock.now() + 1000 }
    const { report, published } = await tick([
      task(1, leased),
      task(2, { state: 'Error', halted: true, version: 1 }),
      task(3, { state: 'Stopping' }),
    ])
    expect(published).toEqual([])
    expect(report).toMatchObject({ tasks: 3, due: 0 })
  })

  it('dispatches a task again if its run never gave back the lease', async () => {
    const abandoned = { leaseOwner: 'run', leaseExpiresMs: clock.now() - 1 }
    const { report, published } = await tick([task(1, abandoned)])
    expect(published).toMatchObject([{ sourceId: 1, reason: 'abandoned' }])
    expect(report).toMatchObject({ due: 1, leaseExpired: 1 })
  })

  it('dispatches a task with a passing error again', async () => {
    const error = { type: 'ThirdPartyGeneric', code: 500, info: 'x', at: '2026-03-01T00:00:00.000Z' } as const
    const { published } = await tick([task(1, { state: 'Error', error })])
    expect(published).toHaveLength(1)
  })

  it('throws if the bus refuses events in every try, so that Lambda counts an error', async () => {
    const bus = { ...fakeBus(), publishDue: () => Promise.reject(new Error('the bus refused 1 events')) }
    await expect(dispatch({ ...quiet(), tasks: fakeTasks([task(1)]), bus })).rejects.toThrow(
      'the bus refused 1 events',
    )
  })

  it('reports what it found even if some of it failed', async () => {
    const bus = { ...fakeBus(), publishDue: () => Promise.reject(new Error('the bus refused 1 events')) }
    const ended: object[] = []
    const tasks = fakeTasks([task(1), task(2, { state: 'Error' })])
    await expect(dispatch({ ...quiet(), tasks, bus }, { onEnd: end => ended.push(end) })).rejects.toThrow(
      'refused',
    )
    expect(ended).toMatchObject([{ tasks: 2, metrics: { tasksCollecting: 1, tasksError: 1 } }])
  })

  it('reports nothing if it cannot read the tasks, so that the alarm on missing ticks rings', async () => {
    const scan = () => Promise.reject(new Error('throttled'))
    const ended: object[] = []
    const dispatched = dispatch(
      { ...quiet(), tasks: { ...fakeTasks(), scan }, bus: fakeBus() },
      {
        onEnd: end => ended.push(end),
      },
    )
    await expect(dispatched).rejects.toThrow('throttled')
    expect(ended).toEqual([])
  })

  it('adds up the overdue work that it found', async () => {
    const abandoned = { leaseOwner: 'run', leaseExpiresMs: clock.now() - 1 }
    const { report } = await tick([task(1, abandoned), task(2, abandoned), task(3)])
    expect(report?.metrics).toMatchObject({ leaseExpired: 2, executionLost: 0, overdueWork: 2 })
  })

  it('adds up overdue work of every kind', async () => {
    const hours = (count: number) => clock.now() - count * 3_600_000
    const failing = (sourceId: number, atMs: number, execution?: string): Task => {
      const error = aFault({ type: 'ThirdPartyGeneric' })
      const health = healthAfter({ subject: { ...SUBJECT, sourceId }, fault: error })
      const episode = { ...opened(`e${sourceId}`, { atMs }), ...(execution && { execution }) }
      return task(sourceId, { state: 'Error', version: 1, error, health, episode })
    }
    const { report } = await tick([
      task(1, { leaseOwner: 'run', leaseExpiresMs: clock.now() }),
      failing(2, hours(0.5)),
      failing(3, hours(0.5)),
      failing(4, hours(0.5), 'lost'),
      failing(5, hours(0.5), 'lost'),
      failing(6, hours(0.5), 'lost'),
      failing(7, hours(3)),
      failing(8, hours(3)),
      failing(9, hours(3)),
      failing(10, hours(3)),
    ])
    const found = { leaseExpired: 1, claimMissing: 2, executionLost: 3, episodeOverdue: 4 }
    expect(report).toMatchObject(found)
    expect(report?.metrics).toMatchObject({ ...found, overdueWork: 10 })
  })

  it('reports how long it took', async () => {
    const ports = { ...quiet(), clock: fakeClock() }
    const publishDue = async (): Promise<void> => ports.clock.advance(1500)
    const bus = { ...fakeBus(), publishDue }
    expect(await dispatch({ ...ports, tasks: fakeTasks([task(1)]), bus })).toMatchObject({ durationMs: 1500 })
  })

  it('lets the other sources begin again if the change of one cannot be looked up, and throws', async () => {
    const halted = { state: 'Error', halted: true, version: 0 } as const
    const registered = async (_collectorId: number, sourceId: number) => {
      if (sourceId === 1) throw new Error('throttled')
      return sampleSource({ source: { id: sourceId } })
    }
    const bus = fakeBus()
    const ports = { ...quiet(), registry: { ...fakeRegistry(), registered }, bus }
    const ticked = dispatch({ ...ports, tasks: fakeTasks([task(1, halted), task(2, halted)]) })
    await expect(ticked).rejects.toThrow('throttled')
    expect(bus.published).toEqual([{ collectorId: 1, sourceId: 2, api: 'sign-in', reason: 'updated' }])
  })

  it('removes a halted task whose source is gone', async () => {
    const tasks = fakeTasks([
      task(1, { state: 'Error', halted: true, createdAt: '2026-01-01T00:00:00.000Z' }),
    ])
    await dispatch({ ...quiet(), registry: fakeRegistry(), tasks, bus: fakeBus() })
    expect(tasks.items.size).toBe(0)
  })
})
