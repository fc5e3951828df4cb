import { describe, expect, it } from 'vitest'
import { dispatch } from '../../../functions/dispatch/dispatch.ts'
import type { DispatchPorts } from '../../../functions/dispatch/tick.ts'
import { type Episode, opened } from '../../../shared/domain/task/episode.ts'
import { renewTask, saveTask, stopTask } from '../../../shared/domain/task/life.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { applied, replacingTransition } from '../../support/applying.ts'
import { type CollectWorld, DUE, ledgerLines } from '../../support/collect-world.ts'
import { executionOf } from '../../support/execution.ts'
import { failingWorld, renew, well } from '../../support/failing-world.ts'
import { failed } from '../../support/fakes/events-api.ts'
import { fakeRegistry } from '../../support/fakes/registry.ts'
import { fakeTicks } from '../../support/fakes/ticks.ts'
import { fakeTokenRemover } from '../../support/fakes/tokens.ts'
import { aFault } from '../../support/health.ts'
import { stragglerOf } from '../../support/straggler.ts'

const MINUTE_MS = 60_000
const TICK_MS = 5 * MINUTE_MS

function tick({ ports, registered }: CollectWorld, change: Partial<DispatchPorts> = {}) {
  const registry = { ...fakeRegistry(), registered: async () => registered.current }
  const own = { registry, ticks: fakeTicks(), tokenRemover: fakeTokenRemover(new Map()) }
  return dispatch({ ...ports, ...own, ...change })
}

/** Announcements so far, whatever the run itself put on the bus forgotten. */
async function failing() {
  const world = await failingWorld()
  const execution = executionOf(world)
  const announced = { ...world.bus.opened[0] }
  world.bus.opened.length = 0
  return { world, execution, announced }
}

describe('a tick', () => {
  it('does not dispatch a task in an episode, claimed or not', async () => {
    const { world, execution } = await failing()
    expect(await tick(world)).toMatchObject({
      tasks: 1,
      due: 0,
      claimMissing: 0,
      executionLost: 0,
      episodeOverdue: 0,
    })
    await execution.begin()
    expect(await tick(world)).toMatchObject({ due: 0, claimMissing: 0, executionLost: 0 })
    expect(world.bus.published).toEqual([])
    expect(world.bus.opened).toEqual([])
  })

  it('publishes an episode again if nobody has claimed it after a minute, at every tick until it is claimed', async () => {
    const { world, execution, announced } = await failing()
    world.clock.advance(MINUTE_MS - 1)
    expect(await tick(world)).toMatchObject({ claimMissing: 0 })
    world.clock.advance(1)
    const before = world.taskNow()
    expect(await tick(world)).toMatchObject({ claimMissing: 1, due: 0 })
    world.clock.advance(TICK_MS)
    expect(await tick(world)).toMatchObject({ claimMissing: 1 })
    expect(world.bus.opened).toEqual([announced, announced])
    expect(world.taskNow()).toEqual(before)
    well(world)
    expect(await execution.finish()).toEqual({ outcome: 'recovered' })
    expect(await tick(world)).toMatchObject({ claimMissing: 0, due: 1 })
  })

  it('releases the claim of a lost execution, so that another execution takes the episode up', async () => {
    const { world, execution, announced } = await failing()
    await execution.begin()
    world.clock.advance(315_000 - 1)
    expect(await tick(world)).toMatchObject({ executionLost: 0 })
    world.clock.advance(1)
    expect(await tick(world)).toMatchObject({ executionLost: 1, due: 0 })
    expect(world.bus.opened).toEqual([announced])
    expect(world.taskNow().episode).not.toHaveProperty('execution')
    const second = executionOf(world, 'second')
    for (const step of ['collect', 'died'] as const)
      expect(await execution.ask(step)).toEqual({ outcome: 'taken' })
    expect(world.taskNow().episode).toMatchObject({ attempts: 1 })
    well(world)
    expect(await second.finish()).toEqual({ outcome: 'recovered' })
    expect(await execution.ask('collect')).toEqual({ outcome: 'recovered' })
    expect(ledgerLines(world)).toHaveLength(25)
  })

  it('lets a second execution retry a task to its end if the first is lost during a run', async () => {
    const { world, execution } = await failing()
    await execution.begin()
    well(world)
    const straggler = stragglerOf(world)
    const lost = execution.ask('collect', straggler.ports)
    await straggler.reached
    world.clock.advance(TICK_MS + 15_000)
    expect(await tick(world)).toMatchObject({ executionLost: 1 })
    expect(await executionOf(world, 'second').finish()).toEqual({ outcome: 'recovered' })
    straggler.release()
    await lost
    expect(ledgerLines(world)).toHaveLength(25)
  })

  it.each(['lives', 'is dead'])(
    'lets one execution continue if the run of the first, which %s, fails after the second has claimed',
    async first => {
      const { world, execution } = await failing()
      await execution.begin()
      world.clock.advance(200_000)
      const asked = Promise.withResolvers<void>()
      const silence = Promise.withResolvers<void>()
      world.eventsApi.answering = async () => {
        asked.resolve()
        await silence.promise
        return failed(503)
      }
      const lost = execution.ask('collect')
      await asked.promise
      world.clock.advance(115_000)
      expect(await tick(world)).toMatchObject({ executionLost: 1 })
      const second = executionOf(world, 'second')
      await second.begin()
      expect(await second.ask('collect')).toMatchObject({ outcome: 'retry', attempts: 1 })
      silence.resolve()
      const answer = await lost
      expect(answer).toMatchObject({ outcome: 'retry', attempts: 2 })
      expect(await second.ask('collect')).toEqual({ outcome: 'taken' })
      well(world)
      if (first === 'is dead') {
        world.clock.advance(2 * TICK_MS)
        expect(await tick(world)).toMatchObject({ executionLost: 1 })
      }
      const goesOn = first === 'is dead' ? executionOf(world, 'third').finish() : execution.finish(answer)
      expect(await goesOn).toEqual({ outcome: 'recovered' })
      expect(ledgerLines(world)).toHaveLength(25)
    },
  )

  it('gives up a task that nobody has given up two minutes after the deadline, and publishes a health event', async () => {
    const { world, execution } = await failing()
    await execution.begin()
    const { deadlineMs = 0 } = world.taskNow().episode ?? {}
    world.clock.advance(deadlineMs + 2 * MINUTE_MS - 1 - world.clock.now())
    expect(await tick(world)).toMatchObject({ episodeOverdue: 0 })
    world.bus.opened.length = 0
    world.clock.advance(1)
    expect(await tick(world)).toMatchObject({ episodeOverdue: 1, due: 0 })
    const { halted, state, error, episode, fence } = world.taskNow()
    expect({ halted, state, fence }).toEqual({ halted: true, state: 'Error', fence: 2 })
    expect(error).toMatchObject({ type: 'ThirdPartyGeneric', code: 503 })
    expect(error?.info).toMatch(/^503: .*collected 1 times in 92 minutes and is given up: update or restart/)
    expect(episode?.quitMs).toBe(world.clock.now())
    expect(world.bus.health.map(({ status, eventTime }) => [status, eventTime]).slice(1)).toEqual([
      ['Healthy', error?.at],
      ['UnHealthy', error?.at],
    ])
    expect(world.bus.health.at(-1)?.details.error).toContain('given up')
    expect(world.taskNow().health?.untold).toBeUndefined()
    expect(world.bus.opened).toEqual([])
    expect(await execution.ask('collect')).toMatchObject({ outcome: 'quit' })
    expect(await tick(world)).toMatchObject({ episodeOverdue: 0, due: 0 })
    expect(world.bus.health).toHaveLength(3)
  })

  it('gives up an episode that was never claimed', async () => {
    const { world } = await failing()
    world.clock.advance(100 * MINUTE_MS)
    expect(await tick(world)).toMatchObject({ episodeOverdue: 1, claimMissing: 0 })
    expect(world.taskNow()).toMatchObject({ halted: true })
  })

  it.each<[string, (world: CollectWorld) => Promise<void>]>([
    [
      'Stopping',
      async ({ ports, taskNow }) => {
        const held = { leaseOwner: 'run', leaseExpiresMs: Date.parse('2027-01-01T00:00:00Z') }
        await applied(ports.tasks, DUE, saveTask(taskNow().fence, held))
        await ports.tasks.apply(DUE, stopTask('2026-03-01T13:00:00.000Z'))
      },
    ],
    ['given up', async world => void (await executionOf(world).finish())],
    [
      'recovered',
      async world => {
        well(world)
        await world.run()
      },
    ],
    ['begun anew', renew],
  ])('does nothing about an episode whose task is %s', async (how, end) => {
    const { world } = await failing()
    await end(world)
    for (const minutes of [10, 100]) {
      world.clock.advance(minutes * MINUTE_MS)
      expect(await tick(world)).toMatchObject({
        tasks: 1,
        claimMissing: 0,
        executionLost: 0,
        episodeOverdue: 0,
      })
    }
    expect(world.bus.opened).toEqual([])
    expect(world.bus.health.filter(({ details }) => details.error.includes('given up'))).toHaveLength(
      how === 'given up' ? 1 : 0,
    )
  })
})

describe('overdue work', () => {
  const now = async () => {
    const { world } = await failing()
    world.clock.advance(100 * MINUTE_MS)
    const task = world.taskNow()
    /** Another failing task, with an episode that began so many minutes ago. */
    const add = (sourceId: number, minutes: number, episode: Partial<Episode> = {}): Promise<void> => {
      const begun = opened(`e${sourceId}`, { atMs: world.clock.now() - minutes * MINUTE_MS })
      const { health: _, ...rest } = task
      const other: Task = { ...rest, sourceId, error: aFault(), episode: { ...begun, ...episode } }
      return world.ports.tasks.create(other)
    }
    return { world, add }
  }

  it('is done for the other tasks if one cannot be given up', async () => {
    const { world, add } = await now()
    await add(3, 10)
    await add(4, 10, { execution: 'x' })
    await add(5, 100)
    const { apply: usual } = world.ports.tasks
    const apply = replacingTransition(usual, 'takeOver', (task, transition) =>
      task.sourceId === DUE.sourceId ? Promise.reject(new Error('throttled')) : usual(task, transition),
    )
    await expect(tick(world, { tasks: { ...world.ports.tasks, apply } })).rejects.toThrow('throttled')
    expect(world.bus.opened.map(({ sourceId }) => sourceId)).toEqual([3, 4])
    expect(world.ports.tasks.get({ ...DUE, sourceId: 5 })).toMatchObject({ halted: true })
    expect(await tick(world)).toMatchObject({ episodeOverdue: 1 })
    expect(world.taskNow()).toMatchObject({ halted: true })
  })

  it('is done for the other tasks if one claim cannot be released, and for that task by the next tick', async () => {
    const { world, add } = await now()
    await add(3, 10, { execution: 'x' })
    await add(4, 10, { execution: 'x' })
    const { apply: usual } = world.ports.tasks
    const apply = replacingTransition(usual, 'releaseClaim', (key, transition) =>
      key.sourceId === 3 ? Promise.reject(new Error('throttled')) : usual(key, transition),
    )
    await expect(tick(world, { tasks: { ...world.ports.tasks, apply } })).rejects.toThrow('throttled')
    expect(world.bus.opened.map(({ sourceId }) => sourceId)).toEqual([4])
    await tick(world)
    expect(world.bus.opened.map(({ sourceId }) => sourceId).toSorted()).toEqual([3, 4, 4])
  })

  it('is published by the next tick if the bus refuses the event after the claim was released', async () => {
    const { world, add } = await now()
    await add(3, 10, { execution: 'x' })
    const publishOpened = () => Promise.reject(new Error('the bus refused'))
    await expect(tick(world, { bus: { ...world.bus, publishOpened } })).rejects.toThrow('the bus refused')
    expect(await tick(world)).toMatchObject({ claimMissing: 1, executionLost: 0 })
    expect(world.bus.opened).toMatchObject([{ sourceId: 3, episode: 'e3' }])
  })

  it('is not published if its task was renewed since the table was read', async () => {
    const { world, add } = await now()
    await add(3, 10, { execution: 'x' })
    const scan = async () => {
      const tasks = [...world.ports.tasks.items.values()]
      await world.ports.tasks.apply({ ...DUE, sourceId: 3 }, renewTask(2, '2026-03-01T14:00:00.000Z'))
      return { tasks }
    }
    await tick(world, { tasks: { ...world.ports.tasks, scan } })
    expect(world.bus.opened).toEqual([])
  })

  it('is not given up if it recovered since the table was read', async () => {
    const { world, execution } = await failing()
    await execution.begin()
    well(world)
    const stale = [world.taskNow()]
    await execution.ask('collect')
    world.clock.advance(100 * MINUTE_MS)
    const scan = async () => ({ tasks: stale })
    const before = world.taskNow()
    await tick(world, { tasks: { ...world.ports.tasks, scan } })
    expect(world.taskNow()).toEqual(before)
    expect(world.bus.health).toHaveLength(2)
  })

  it('is given up even if the names of the source cannot be read', async () => {
    const { world } = await now()
    world.registered.current = undefined
    const registry = { ...fakeRegistry(), registered: async () => undefined }
    const tasks = { ...world.ports.tasks, tasksOfSource: async () => [] }
    await tick(world, { registry, tasks })
    expect(world.taskNow()).toMatchObject({ halted: true })
    expect(world.bus.health.at(-1)?.resourceIdentity).toMatchObject({ name: 'Unknown' })
  })
})
