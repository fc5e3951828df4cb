import { collect } from '../../functions/collect/collect.ts'
import { dispatch } from '../../functions/dispatch/dispatch.ts'
import type { TaskAddress } from '../../shared/contract/events.ts'
import { COLLECT_TIMEOUT_SECONDS, TICK_MINUTES } from '../../shared/contract/timing.ts'
import { type Claim, claimEpisode, taskCondition } from '../../shared/domain/task/life.ts'
import type { AdminWorld } from '../functional/admin/admin-world.ts'
import { fakeBus } from './fakes/bus.ts'
import { fakeClock } from './fakes/clock.ts'
import { fakeDestinations } from './fakes/destinations.ts'
import { type FakeEvent, fakeEventsApi } from './fakes/events-api.ts'
import { fakeHealthEvents } from './fakes/health-events.ts'
import { fakeLake } from './fakes/lake.ts'
import { type FakeTasks, fakeTasks } from './fakes/tasks.ts'
import { fakeTicks } from './fakes/ticks.ts'
import { fakeTokenRemover, fakeTokens } from './fakes/tokens.ts'

/** Ticks and runs for the sources of an admin world: what the management API writes, they read. */
export function managedCollection(world: AdminWorld, events: readonly FakeEvent[] = []) {
  const clock = fakeClock(world.state.nowMs)
  const eventsApi = fakeEventsApi(events)
  const bus = fakeBus()
  const lake = fakeLake()
  const destinations = fakeDestinations()
  const { registry, log, expressions } = world.ports
  const random = { uuid: () => crypto.randomUUID(), fraction: () => 0.5 }
  const healthEvents = fakeHealthEvents()
  const shared = { clock, bus, log, random, expressions, eventsApi, registry, lake, healthEvents }
  const tokens = fakeTokens(world.secrets, clock)
  const settings = { pageSize: 10, allowedHosts: [...world.ports.settings.allowedHosts] }

  async function run(tasks: FakeTasks, address: TaskAddress, claim?: Claim): Promise<void> {
    const deadlineMs = clock.now() + COLLECT_TIMEOUT_SECONDS * 1000
    const invocation = { runId: random.uuid(), deadlineMs, ...(claim && { claim }) }
    await collect({ ...shared, destinations, tasks, tokens }, settings, address, invocation)
  }

  /** A tick with the runs that it asks for, and one step of the retry state machine for each task in an episode. */
  async function tick(): Promise<void> {
    clock.advance(TICK_MINUTES * 60_000)
    const tasks = fakeTasks(world.tasks)
    const retried = [...tasks.items.values()].filter(task => taskCondition(task) === 'retrying')
    await dispatch({ ...shared, tasks, ticks: fakeTicks(), tokenRemover: fakeTokenRemover(world.secrets) })
    for (const due of bus.published.splice(0)) await run(tasks, due)
    for (const task of retried) {
      const claim = { episode: task.episode?.id ?? '', execution: 'retries' }
      await tasks.apply(task, claimEpisode(claim))
      await run(tasks, task, claim)
    }
    world.tasks.splice(0, world.tasks.length, ...tasks.items.values())
    world.state.nowMs = clock.now()
  }

  return { clock, eventsApi, bus, lake, destinations, settings, tick }
}

export type ManagedCollection = ReturnType<typeof managedCollection>
