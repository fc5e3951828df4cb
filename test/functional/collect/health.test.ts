import { describe, expect, it } from 'vitest'
import { dispatch } from '../../../functions/dispatch/dispatch.ts'
import type { HealthEvent } from '../../../shared/domain/task/health-event.ts'
import { renewTask } from '../../../shared/domain/task/life.ts'
import { type CollectWorld, collectWorld, DUE, eventsFrom } from '../../support/collect-world.ts'
import { failed, unauthorized } from '../../support/fakes/events-api.ts'
import { fakeRegistry } from '../../support/fakes/registry.ts'
import { fakeTicks } from '../../support/fakes/ticks.ts'
import { fakeTokenRemover } from '../../support/fakes/tokens.ts'
import { openAfter } from '../../support/health.ts'
import type { Kill } from '../../support/killing.ts'

const TICK_MS = 300_000

const collecting = { state: 'Collecting', introspected: 1, version: 1 } as const

/** A task that has collected, in a world that is well. */
const wellWorld = () => collectWorld({ events: eventsFrom(0, 5), task: collecting })

/** Troubles of a run, and the end of them. */
const TROUBLES: Record<string, (world: CollectWorld) => void> = {
  '503': world => {
    world.eventsApi.answering = () => failed(503)
  },
  '401': world => {
    world.eventsApi.answering = () => unauthorized
  },
  well: world => {
    world.eventsApi.answering = () => undefined
  },
}

function tick({ ports, registered, clock }: CollectWorld) {
  const registry = { ...fakeRegistry(), registered: async () => registered.current }
  return dispatch({
    ...ports,
    registry,
    clock,
    ticks: fakeTicks(),
    tokenRemover: fakeTokenRemover(new Map()),
  })
}

const told = (events: readonly HealthEvent[]) =>
  events.map(({ status, eventName }) => `${status} ${eventName}`)

const history = ({ ports }: CollectWorld): HealthEvent[] => [
  ...(ports.healthEvents.histories.get(DUE.sourceId)?.values() ?? []),
]

/** Checks that recorded, published and open health events agree with the task. */
function expectAgreement(world: CollectWorld, about = ''): void {
  const { health, state } = world.taskNow()
  const open = health?.open ? [`${DUE.sourceId} ${health.open.type}Error/${DUE.api}`] : []
  expect(openAfter(history(world)), about).toEqual(open)
  expect(world.ports.healthEvents.open(), about).toEqual(open.map(text => `0000000${text.replace(' ', '#')}`))
  expect(health?.open !== undefined, about).toBe(state === 'Error')
  const published = new Map(world.bus.health.map(event => [event.eventId, event]))
  expect([...published.values()], about).toEqual(history(world))
  expect(health?.untold, about).toBeUndefined()
}

describe('a run', () => {
  it('that fails opens a health event, and the one that ends well closes it; both are recorded and published', async () => {
    const world = wellWorld()
    TROUBLES['503']?.(world)
    await world.run()
    expectAgreement(world)
    expect(told(world.bus.health)).toEqual(['UnHealthy ThirdPartyGenericError'])
    expect(world.bus.health[0]).toMatchObject({
      details: { errorCode: '503', description: world.taskNow().error?.info },
      resourceIdentity: { name: '1Pass', collectorName: 'Local' },
    })
    world.clock.advance(TICK_MS)
    TROUBLES['well']?.(world)
    await world.run()
    expectAgreement(world)
    expect(told(world.bus.health)).toEqual(['UnHealthy ThirdPartyGenericError', 'Healthy TrackerHealthy'])
  })

  it('publishes nothing for the same trouble again, and two events for another trouble', async () => {
    const world = wellWorld()
    TROUBLES['503']?.(world)
    for (let i = 0; i < 3; i++) await world.run()
    expect(world.bus.health).toHaveLength(1)
    TROUBLES['401']?.(world)
    await world.run()
    expectAgreement(world)
    expect(told(world.bus.health)).toEqual([
      'UnHealthy ThirdPartyGenericError',
      'Healthy TrackerHealthy',
      'UnHealthy ThirdPartyConfigError',
    ])
  })

  it('that finds no events and no trouble writes its task only twice', async () => {
    const world = wellWorld()
    await world.run()
    const { effects, end } = await world.runUntilKilled()
    expect(end).toMatchObject({ outcome: 'drained', events: 0 })
    expect(effects.filter(effect => /tasks|healthEvents|bus/.test(effect))).toEqual([
      'tasks.lease',
      'tasks.save',
    ])
  })

  it('of an API that was taken out of its source closes the open health event', async () => {
    const world = wellWorld()
    TROUBLES['401']?.(world)
    await world.run()
    expect(world.taskNow().halted).toBe(true)
    world.update({ apis: ['itemUsage'] })
    await tick(world)
    expect(world.bus.published).toMatchObject([{ reason: 'updated' }])
    expect(await world.run()).toMatchObject({ outcome: 'gone' })
    expect(told(world.bus.health).at(-1)).toBe('Healthy TrackerHealthy')
    expect(world.ports.healthEvents.open()).toEqual([])
    world.bus.published.length = 0
    await tick(world)
    expect(world.bus.published).toEqual([])
  })

  it('that restarts keeps the event open until it ends well', async () => {
    const world = wellWorld()
    TROUBLES['401']?.(world)
    await world.run()
    world.update()
    await world.ports.tasks.apply(DUE, renewTask(2, new Date(world.clock.now()).toISOString()))
    expect(world.ports.healthEvents.open()).toHaveLength(1)
    TROUBLES['well']?.(world)
    await world.run()
    expectAgreement(world)
    expect(world.ports.healthEvents.open()).toEqual([])
  })

  it.each(['healthEvents', 'bus'] as const)(
    'that cannot publish because %s fails ends as usual, and the tick publishes',
    async port => {
      const world = wellWorld()
      TROUBLES['503']?.(world)
      const broken = { ...world.ports[port], record: refuse, publishHealth: refuse }
      expect(await world.run({ ...world.ports, [port]: broken })).toMatchObject({ outcome: 'failed' })
      expect(world.taskNow().health?.untold).toHaveLength(1)
      expect(world.logged.join('\n')).toContain('health events were not published')
      await tick(world)
      expectAgreement(world)
    },
  )
})

const refuse = () => Promise.reject(new Error('no route to host'))

describe('a run that is killed between two effects', { tags: ['long'] }, () => {
  const from: [string, string][] = [
    ['well', '503'],
    ['well', '401'],
    ['503', 'well'],
    ['503', '401'],
    ['401', 'well'],
  ]

  it.each(from)(
    'leaves events that agree with the task after the next tick and run (%s, then %s)',
    async (before, then) => {
      async function world() {
        const made = wellWorld()
        TROUBLES[before]?.(made)
        await made.run()
        made.clock.advance(TICK_MS)
        TROUBLES[then]?.(made)
        if (before === '401') {
          made.update()
          await made.ports.tasks.apply(DUE, renewTask(2, new Date(made.clock.now()).toISOString()))
        }
        return made
      }
      async function killed(kill?: Kill) {
        const made = await world()
        return { made, ...(await made.runUntilKilled(kill)) }
      }
      const { effects } = await killed()
      expect(effects).toEqual(
        expect.arrayContaining(['healthEvents.record', 'bus.publishHealth', 'tasks.markHealthPublished']),
      )
      for (const at of effects.keys()) {
        for (const phase of ['before', 'after'] as const) {
          const { made } = await killed({ at, phase })
          made.expireLease()
          await tick(made)
          await made.run()
          expectAgreement(made, `killed ${phase} ${effects[at]} (${at})`)
        }
      }
    },
  )

  it('has its saved changes published by the next tick, without another run', async () => {
    const reference = wellWorld()
    TROUBLES['401']?.(reference)
    const { effects } = await reference.runUntilKilled()
    const saved = effects.lastIndexOf('tasks.save')
    for (let at = saved + 1; at < effects.length; at++) {
      const world = wellWorld()
      TROUBLES['401']?.(world)
      await world.runUntilKilled({ at, phase: 'before' })
      expect(world.taskNow().health?.untold).toHaveLength(1)
      await tick(world)
      expectAgreement(world, `killed before ${effects[at]}`)
    }
  })
})
