import { describe, expect, it } from 'vitest'
import { dispatch } from '../../../functions/dispatch/dispatch.ts'
import type { RetryStep } from '../../../shared/contract/retry.ts'
import { isOpen } from '../../../shared/domain/task/episode.ts'
import { type CollectWorld, DUE, ledgerLines, toUuids } from '../../support/collect-world.ts'
import { executionOf } from '../../support/execution.ts'
import { down, failingWorld, renew, well } from '../../support/failing-world.ts'
import { failed, unauthorized } from '../../support/fakes/events-api.ts'
import { fakeRegistry } from '../../support/fakes/registry.ts'
import { fakeTicks } from '../../support/fakes/ticks.ts'
import { fakeTokenRemover } from '../../support/fakes/tokens.ts'
import { openAfter } from '../../support/health.ts'
import type { Kill } from '../../support/killing.ts'

const TIMED_OUT = { Error: 'States.Timeout', Cause: '' }
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `E${i}`)

const ANSWERS: Record<string, (world: CollectWorld) => void> = {
  well,
  '503': world => down(world),
  '429 with Retry-After': world => down(world, failed(429, '900')),
  '401': world => down(world, unauthorized),
  'at its last page': world => {
    world.eventsApi.answering = ({ body }) => (body?.includes('cursor') ? failed(503) : undefined)
  },
}

/** A task whose step is killed at an effect while 1Password answers so; the step that it was is asked as the machine would. */
async function killedAt(step: RetryStep, answers: string, kill?: Kill) {
  const world = await failingWorld()
  const execution = executionOf(world)
  if (step !== 'claim') await execution.begin()
  ANSWERS[answers]?.(world)
  const { effects, end } = await execution.askUntilKilled(step, kill)
  return { world, execution, effects, end }
}

function tick({ ports, registered }: CollectWorld) {
  const registry = { ...fakeRegistry(), registered: async () => registered.current }
  return dispatch({ ...ports, registry, ticks: fakeTicks(), tokenRemover: fakeTokenRemover(new Map()) })
}

/** What the definition does when a step fails: a run is recorded as dead, any other step is tried again. */
async function goOn({ world, execution }: Awaited<ReturnType<typeof killedAt>>, step: RetryStep) {
  world.clock.advance(255_000)
  const answer = await execution.ask(step === 'claim' ? 'claim' : 'died', world.ports, TIMED_OUT)
  well(world)
  return execution.finish(answer)
}

/** The task, its health and the lake are as if nothing had been killed. */
function expectWhole({ taskNow, ports, bus }: CollectWorld, outcome: string, about: string): void {
  const { episode, health, leaseOwner, state } = taskNow()
  expect({ open: isOpen(episode), leaseOwner }, about).toEqual({ open: false, leaseOwner: undefined })
  expect(state, about).toBe(outcome === 'recovered' ? 'Collecting' : 'Error')
  const history = [...(ports.healthEvents.histories.get(DUE.sourceId)?.values() ?? [])]
  expect(openAfter(history), about).toHaveLength(outcome === 'recovered' ? 0 : 1)
  expect(new Set(bus.health.map(({ eventId }) => eventId)), about).toEqual(
    new Set(history.map(({ eventId }) => eventId)),
  )
  expect(health?.untold, about).toBeUndefined()
}

describe('a step that is killed between two effects', { tags: ['long'] }, () => {
  it.each<[RetryStep, string]>([
    ['claim', '503'],
    ['collect', 'well'],
    ['collect', '503'],
    ['collect', '429 with Retry-After'],
    ['collect', 'at its last page'],
    ['died', '503'],
  ])('leaves an episode that ends with every event once (%s, %s)', async (step, answers) => {
    const { effects } = await killedAt(step, answers)
    expect(effects.length).toBeGreaterThan(step === 'claim' ? 0 : 3)
    for (const at of effects.keys()) {
      for (const phase of ['before', 'after'] as const) {
        const about = `killed ${phase} ${effects[at]} (${at})`
        const killed = await killedAt(step, answers, { at, phase })
        expect(killed.end, about).toBe('killed')
        const end = await goOn(killed, step)
        expect(end, about).toEqual({ outcome: 'recovered' })
        // If the run died before it published the end of the trouble, a tick or the next run does it.
        await killed.world.run()
        expect(toUuids(ledgerLines(killed.world)), about).toEqual(names(25))
        expectWhole(killed.world, 'recovered', about)
      }
    }
  })

  it('leaves an error that waits for the user, or recovers, as the run would have done', async () => {
    const { effects } = await killedAt('collect', '401')
    for (const at of effects.keys()) {
      for (const phase of ['before', 'after'] as const) {
        const about = `killed ${phase} ${effects[at]} (${at})`
        const killed = await killedAt('collect', '401', { at, phase })
        const { outcome } = await goOn(killed, 'collect')
        expect(['stopped', 'recovered'], about).toContain(outcome)
        expect(killed.world.taskNow().halted === true, about).toBe(outcome === 'stopped')
        expect(isOpen(killed.world.taskNow().episode), about).toBe(false)
      }
    }
  })

  it('and that nobody records leaves an object that is found when the source is restarted a day later', async () => {
    const { effects } = await killedAt('collect', 'well')
    const { world } = await killedAt('collect', 'well', {
      at: effects.indexOf('lake.create'),
      phase: 'after',
    })
    world.clock.advance(100 * 60_000)
    expect(await tick(world)).toMatchObject({ episodeOverdue: 1 })
    world.clock.advance(24 * 3600_000)
    await renew(world)
    await world.run()
    expect(toUuids(ledgerLines(world))).toEqual(names(25))
    expectWhole(world, 'recovered', '')
  })

  it('while the source is restarted leaves a task that begins again', async () => {
    const restarted = async (kill?: Kill) => {
      const world = await failingWorld()
      const execution = executionOf(world)
      await execution.begin()
      world.eventsApi.answering = async () => {
        await renew(world)
        well(world)
        return failed(401)
      }
      const { effects } = await execution.askUntilKilled('collect', kill)
      return { world, execution, effects }
    }
    const { effects } = await restarted()
    for (const at of effects.keys()) {
      for (const phase of ['before', 'after'] as const) {
        const about = `killed ${phase} ${effects[at]} (${at})`
        const { world, execution } = await restarted({ at, phase })
        await execution.finish(await execution.ask('died', world.ports, TIMED_OUT))
        well(world)
        world.expireLease()
        await tick(world)
        if (world.taskNow().state !== 'Collecting') expect(world.bus.published, about).not.toEqual([])
        await world.run()
        expect(world.taskNow(), about).toMatchObject({ state: 'Collecting', events: 25 })
        expectWhole(world, 'recovered', about)
      }
    }
  })

  it('at the deadline leaves a task that is given up once', async () => {
    const atDeadline = async (step: RetryStep, kill?: Kill) => {
      const world = await failingWorld()
      const execution = executionOf(world)
      await execution.begin()
      world.clock.advance((world.taskNow().episode?.deadlineMs ?? 0) - world.clock.now())
      const { effects } = await execution.askUntilKilled(step, kill)
      return { world, execution, effects }
    }
    for (const step of ['collect', 'died'] as const) {
      const { effects } = await atDeadline(step)
      for (const at of effects.keys()) {
        for (const phase of ['before', 'after'] as const) {
          const about = `killed ${phase} ${effects[at]} (${at}) of ${step}`
          const { world, execution } = await atDeadline(step, { at, phase })
          expect(await execution.ask('died', world.ports, TIMED_OUT), about).toMatchObject({
            outcome: 'quit',
          })
          expect(world.taskNow(), about).toMatchObject({
            halted: true,
            state: 'Error',
            episode: { attempts: 2 },
          })
          expect(world.taskNow().error?.info.match(/given up/g), about).toHaveLength(1)
          expect(world.taskNow().health?.open, about).toMatchObject({ quit: true })
        }
      }
    }
  })
})
