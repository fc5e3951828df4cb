import { describe, expect, it } from 'vitest'
import { openForDeadRun } from '../../../functions/dispatch/dead-run.ts'
import { dispatch } from '../../../functions/dispatch/dispatch.ts'
import { COLLECT_TIMEOUT_SECONDS, EVENT_AGE_MINUTES } from '../../../shared/contract/timing.ts'
import { readDeadRun } from '../../../shared/domain/task/dead-run.ts'
import { saveTask, stopTask } from '../../../shared/domain/task/life.ts'
import { applied, leased } from '../../support/applying.ts'
import {
  type CollectWorld,
  collectWorld,
  DUE,
  eventsFrom,
  ledgerLines,
  toUuids,
} from '../../support/collect-world.ts'
import { executionOf } from '../../support/execution.ts'
import { collecting, down, renew } from '../../support/failing-world.ts'
import { fakeRegistry } from '../../support/fakes/registry.ts'
import { fakeTicks } from '../../support/fakes/ticks.ts'
import { fakeTokenRemover } from '../../support/fakes/tokens.ts'
import { aFault, healthAfter } from '../../support/health.ts'
import { type Kill, killable } from '../../support/killing.ts'

const { reason: _, ...ADDRESS } = DUE

/** Lambda's record of the dead run. The first run of a world is `run-1`. */
const toRecord = (dueMs: number, requestId = 'run-1') => ({
  requestContext: { requestId, condition: 'RetriesExhausted' },
  requestPayload: { time: new Date(dueMs).toISOString(), detail: DUE },
  responsePayload: { errorType: 'Runtime.OutOfMemory', errorMessage: 'signal: killed' },
})

/** A run that a tick asked for, killed at an effect and then out of time. */
async function deadWorld(kill: Kill = { at: 3, phase: 'after' }) {
  const world = collectWorld({ events: eventsFrom(0, 25), task: collecting })
  const dueMs = world.clock.now()
  const { effects, end } = await world.runUntilKilled(kill)
  world.clock.advance(COLLECT_TIMEOUT_SECONDS * 1000)
  return { world, effects, end, run: readDeadRun(toRecord(dueMs)) }
}

function tick({ ports, registered }: CollectWorld) {
  const registry = { ...fakeRegistry(), registered: async () => registered.current }
  return dispatch({ ...ports, registry, ticks: fakeTicks(), tokenRemover: fakeTokenRemover(new Map()) })
}

describe('the death of a run', () => {
  it('opens an episode with a FirstPartyGeneric error, with Lambda’s text and advice', async () => {
    const { world, run } = await deadWorld()
    expect(await openForDeadRun(world.ports, run)).toBe(true)
    const { state, error, episode, fence } = world.taskNow()
    expect({ state, fence }).toEqual({ state: 'Error', fence: 2 })
    expect(error).toMatchObject({ type: 'FirstPartyGeneric', code: 500 })
    expect(error?.info).toContain('Runtime.OutOfMemory: signal: killed')
    expect(error?.info).toContain('it ran out of memory')
    expect(episode).toMatchObject({ attempts: 1, startedMs: world.clock.now() })
    expect(world.taskNow()).not.toHaveProperty('leaseOwner')
    expect(world.bus.opened).toEqual([{ ...ADDRESS, episode: episode?.id }])
    expect(world.bus.health).toMatchObject([
      { eventName: 'FirstPartyGenericError', resourceIdentity: { name: '1Pass', collectorName: 'Local' } },
    ])
    expect(world.ports.healthEvents.open()).toHaveLength(1)
    expect(world.taskNow().health?.untold).toBeUndefined()
  })

  it('changes nothing and publishes nothing if the run never began, because Lambda had no capacity', async () => {
    const world = collectWorld({ events: eventsFrom(0, 25), task: collecting })
    const { responsePayload: _none, ...record } = toRecord(world.clock.now())
    const requestContext = { ...record.requestContext, condition: 'EventAgeExceeded' }
    const before = world.taskNow()
    world.clock.advance(EVENT_AGE_MINUTES * 60_000)
    expect(await openForDeadRun(world.ports, readDeadRun({ ...record, requestContext }))).toBe(false)
    expect(world.taskNow()).toEqual(before)
    expect(world.bus.opened).toEqual([])
    expect(world.bus.health).toEqual([])
    // The next tick asks for it again.
    await tick(world)
    expect(world.bus.published).toEqual([{ ...DUE, reason: 'tick' }])
  })

  it('that Lambda reports twice opens one episode', async () => {
    const { world, run } = await deadWorld()
    await openForDeadRun(world.ports, run)
    const before = world.taskNow()
    expect(await openForDeadRun(world.ports, run)).toBe(false)
    expect(world.taskNow()).toEqual(before)
    expect(world.bus.opened).toHaveLength(1)
  })

  it('at any effect still leads to every event exactly once', async () => {
    const { effects } = await deadWorld({ at: Number.POSITIVE_INFINITY, phase: 'before' })
    expect(effects).toContain('lake.create')
    for (const at of effects.keys()) {
      for (const phase of ['before', 'after'] as const) {
        const about = `${phase} ${effects[at]} (${at})`
        const { world, run } = await deadWorld({ at, phase })
        const isNew = await openForDeadRun(world.ports, run)
        const ended = isNew ? await executionOf(world).finish() : await world.run()
        expect(ended.outcome, about).toMatch(/recovered|drained/)
        expect(toUuids(ledgerLines(world)), about).toEqual(eventsFrom(0, 25).map((_event, i) => `E${i}`))
        expect(world.taskNow().lastSuccessAt !== undefined && !world.taskNow().error, about).toBe(true)
      }
    }
  })

  it('takes the task from a run that still lives, which commits nothing more', async () => {
    const { world, run } = await deadWorld()
    const { fence } = world.taskNow()
    await openForDeadRun(world.ports, run)
    expect(await applied(world.ports.tasks, DUE, saveTask(fence, { cursor: 'late' }))).toBeUndefined()
  })

  it.each<[string, (world: CollectWorld) => Promise<unknown>]>([
    ['is being deleted', world => world.ports.tasks.apply(DUE, stopTask('2026-03-01T12:04:00.000Z'))],
    ['is gone', world => world.ports.tasks.remove(DUE)],
    [
      'has recorded that it waits for its user',
      async world => {
        const { fence } = world.taskNow()
        const error = aFault()
        const health = healthAfter({ health: world.taskNow().health })
        await applied(
          world.ports.tasks,
          DUE,
          saveTask(fence, { halted: true, state: 'Error', error, health }),
        )
      },
    ],
    [
      'has failed in another run since',
      async world => {
        world.expireLease()
        down(world)
        await world.run()
      },
    ],
    [
      'was collected by another run since',
      async world => {
        world.expireLease()
        await world.run()
      },
    ],
    [
      'is held by another run',
      async world => {
        world.expireLease()
        await leased(world.ports.tasks, DUE, {
          owner: 'another',
          nowMs: world.clock.now(),
          expiresMs: world.clock.now() + 1000,
          partition: '2026-03-01',
        })
      },
    ],
  ])('changes nothing of a task that %s', async (_name, meanwhile) => {
    const { world, run } = await deadWorld()
    await meanwhile(world)
    const before = world.ports.tasks.get(DUE)
    world.bus.opened.length = 0
    expect(await openForDeadRun(world.ports, run)).toBe(false)
    expect(world.ports.tasks.get(DUE)).toEqual(before)
    expect(world.bus.opened).toEqual([])
  })

  it('changes nothing of a task that was restarted between the read and the write', async () => {
    const { world, run } = await deadWorld()
    const registered = async () => {
      await renew(world)
      return world.registered.current
    }
    expect(await openForDeadRun({ ...world.ports, registry: { registered } }, run)).toBe(false)
    expect(world.taskNow()).toMatchObject({ state: 'Pending', renewed: 2 })
    expect(world.bus.opened).toEqual([])
  })

  it('is recorded by the tick if dispatch dies with its event', async () => {
    const recording = async (kill?: Kill) => {
      const dead = await deadWorld()
      const { ports, killed, effects } = killable(
        dead.world.ports,
        ['tasks', 'registry', 'bus', 'healthEvents'],
        kill,
      )
      await Promise.race([killed, openForDeadRun(ports, dead.run)])
      return { ...dead, effects }
    }
    const { effects } = await recording()
    expect(effects).toEqual(
      expect.arrayContaining(['tasks.takeOver', 'bus.publishOpened', 'tasks.markHealthPublished']),
    )
    for (const at of effects.keys()) {
      for (const phase of ['before', 'after'] as const) {
        const about = `${phase} ${effects[at]} (${at})`
        const { world } = await recording({ at, phase })
        world.clock.advance(300_000)
        await tick(world)
        const [due] = world.bus.published
        const ended = due ? await world.run() : await executionOf(world).finish()
        expect(ended.outcome, about).toMatch(/recovered|drained/)
        expect(ledgerLines(world), about).toHaveLength(25)
        expect(world.ports.healthEvents.open(), about).toEqual([])
      }
    }
  })
})
