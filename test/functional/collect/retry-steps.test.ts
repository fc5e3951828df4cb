import { describe, expect, it } from 'vitest'
import { LAST_RUN_SECONDS } from '../../../shared/contract/timing.ts'
import { saveTask } from '../../../shared/domain/task/life.ts'
import { applied } from '../../support/applying.ts'
import { collectWorld, DUE, eventsFrom, ledgerLines, toUuids } from '../../support/collect-world.ts'
import { executionOf } from '../../support/execution.ts'
import { down, failingWorld, renew, well } from '../../support/failing-world.ts'
import { unauthorized } from '../../support/fakes/events-api.ts'
import { stragglerOf } from '../../support/straggler.ts'

const MINUTE_MS = 60_000
const LAMBDA_TIMED_OUT = { Error: 'States.Timeout', Cause: '' }
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `E${i}`)
const toIso = (epochMs: number): string => new Date(epochMs).toISOString()

/** A failing task whose execution has begun: the next run is due. */
async function dueWorld() {
  const world = await failingWorld()
  const execution = executionOf(world)
  await execution.begin()
  return { world, execution }
}

describe('a second execution of an episode', () => {
  it('ends at once, whatever step it asks for', async () => {
    const { world } = await dueWorld()
    const before = world.taskNow()
    const second = executionOf(world, 'second')
    for (const step of ['claim', 'collect', 'died'] as const)
      expect(await second.ask(step)).toEqual({ outcome: 'taken' })
    expect(world.taskNow()).toEqual(before)
  })

  it('that starts together with the first: one of them continues', async () => {
    const world = await failingWorld()
    const outcomes = await Promise.all(
      ['one', 'two', 'three'].map(name => executionOf(world, name).ask('claim')),
    )
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['retry', 'taken', 'taken'])
  })
})

describe('a step that is repeated because its response was lost', () => {
  it('claims the episode again, and returns the same', async () => {
    const world = await failingWorld()
    const execution = executionOf(world)
    const answer = await execution.ask('claim')
    const before = world.taskNow()
    expect(await execution.ask('claim')).toEqual(answer)
    expect(world.taskNow()).toEqual(before)
  })

  it.each([0, 2_000, 14_000])('makes no run before the next one is due (%i ms later)', async laterMs => {
    const { world, execution } = await dueWorld()
    const answer = await execution.ask('collect')
    const before = world.taskNow()
    world.eventsApi.calls.length = 0
    world.clock.advance(laterMs)
    expect(await execution.ask('collect')).toEqual({ ...answer, waitSeconds: expect.any(Number) })
    expect(world.eventsApi.calls).toEqual([])
    expect(world.taskNow()).toEqual(before)
  })

  it('makes no second run after the first has recovered', async () => {
    const { world, execution } = await dueWorld()
    well(world)
    for (let i = 0; i < 2; i++) expect(await execution.ask('collect')).toEqual({ outcome: 'recovered' })
    expect(toUuids(ledgerLines(world))).toEqual(names(25))
  })

  it('makes no second run after the first has met an error that waits for the user', async () => {
    const { world, execution } = await dueWorld()
    down(world, unauthorized)
    for (let i = 0; i < 2; i++) expect(await execution.ask('collect')).toEqual({ outcome: 'stopped' })
    expect(world.bus.health).toHaveLength(3)
  })

  it.each([0, 59_000])('counts one death once (%i ms later)', async laterMs => {
    const { world, execution } = await dueWorld()
    const answer = await execution.ask('died', world.ports, LAMBDA_TIMED_OUT)
    expect(answer).toMatchObject({ outcome: 'retry', attempts: 2 })
    const before = world.taskNow()
    world.clock.advance(laterMs)
    expect(await execution.ask('died', world.ports, LAMBDA_TIMED_OUT)).toEqual({
      ...answer,
      waitSeconds: expect.any(Number),
    })
    expect(world.taskNow()).toEqual(before)
  })

  it('gives a task up once', async () => {
    const world = await failingWorld()
    const execution = executionOf(world)
    const answer = await execution.finish()
    const { length } = world.bus.health
    expect(await execution.ask('collect')).toEqual(answer)
    expect(await execution.ask('died')).toEqual(answer)
    expect(world.bus.health).toHaveLength(length)
  })
})

describe('a run that died', () => {
  it.each([
    [
      'Step Functions’ own word',
      { Error: 'States.Timeout', Cause: 'no answer' },
      /\(States\.Timeout: no answer\).*used up its time/,
    ],
    [
      'the function’s error, as JSON',
      { Error: 'Error', Cause: JSON.stringify({ errorMessage: 'no route', errorType: 'Error', trace: [] }) },
      /\(Error: no route\)/,
    ],
    ['JSON of something else', { Error: 'E', Cause: 'null' }, /\(E: null\)/],
    ['no word', undefined, /nothing is known/],
  ])('counts as a failed run with %s', async (_name, death, text) => {
    const { world, execution } = await dueWorld()
    expect(await execution.ask('died', world.ports, death)).toMatchObject({
      outcome: 'retry',
      attempts: 2,
      error: 'FirstPartyGenericError',
      nextRetry: toIso(world.clock.now() + 2 * MINUTE_MS),
    })
    expect(world.taskNow()).toMatchObject({ state: 'Error', error: { type: 'FirstPartyGeneric', code: 500 } })
    expect(world.taskNow().error?.info).toMatch(text)
    expect(world.bus.health.map(({ eventName }) => eventName)).toEqual([
      'ThirdPartyGenericError',
      'TrackerHealthy',
      'FirstPartyGenericError',
    ])
    expect(world.bus.health.at(-1)?.resourceIdentity).toMatchObject({ name: '1Pass', collectorName: 'Local' })
  })

  it('after it recorded its failure counts once', async () => {
    const { world, execution } = await dueWorld()
    await execution.ask('collect')
    const before = world.taskNow()
    expect(await execution.ask('died')).toMatchObject({ outcome: 'retry', attempts: 2 })
    expect(world.taskNow()).toEqual(before)
  })

  it('after it recorded its success counts as recovery', async () => {
    const { world, execution } = await dueWorld()
    well(world)
    await execution.ask('collect')
    const before = world.taskNow()
    expect(await execution.ask('died')).toEqual({ outcome: 'recovered' })
    expect(world.taskNow()).toEqual(before)
  })

  it('at the deadline is the last', async () => {
    const { world, execution } = await dueWorld()
    world.clock.advance(90 * MINUTE_MS)
    expect(await execution.ask('died')).toMatchObject({ outcome: 'quit', error: 'FirstPartyGenericError' })
    expect(world.taskNow().error?.info).toMatch(/could not say why.*given up: update or restart/)
    expect(world.taskNow()).toMatchObject({ halted: true, episode: { attempts: 2 } })
  })

  it('is recorded though its health event cannot be published, which the next tick does', async () => {
    const { world, execution } = await dueWorld()
    const healthEvents = { ...world.ports.healthEvents, record: () => Promise.reject(new Error('throttled')) }
    expect(await execution.ask('died', { ...world.ports, healthEvents })).toMatchObject({ attempts: 2 })
    expect(world.taskNow().health?.untold).toHaveLength(2)
    expect(world.logged.join('\n')).toContain('health events were not published')
  })

  it('is not recorded over a restart that comes between its read and its write', async () => {
    const { world, execution } = await dueWorld()
    const { registered } = world.ports.registry
    const registry = {
      ...world.ports.registry,
      registered: async () => {
        await renew(world)
        return registered()
      },
    }
    expect(await execution.ask('died', { ...world.ports, registry })).toEqual({ outcome: 'stopped' })
    expect(world.taskNow()).toMatchObject({ state: 'Pending', fence: 1 })
  })
})

describe('a run that was taken for dead and still lives', () => {
  it.each(['before the next run', 'after the next run'] as const)(
    'commits nothing more, and the object that it writes %s is delivered once',
    async when => {
      const { world, execution } = await dueWorld()
      well(world)
      const straggler = stragglerOf(world)
      const answer = execution.ask('collect', straggler.ports)
      await straggler.reached
      world.clock.advance(255_000)
      const after = await execution.ask('died', world.ports, LAMBDA_TIMED_OUT)
      const committed = world.taskNow()
      const wake = async () => {
        straggler.release()
        expect(await answer).toMatchObject({
          outcome: when === 'before the next run' ? 'retry' : 'recovered',
        })
      }
      if (when === 'before the next run') {
        await wake()
        expect(world.taskNow()).toEqual(committed)
        expect(world.ports.lake.objects.size).toBe(1)
      }
      world.eventsApi.events.push(...eventsFrom(25, 3, Date.parse('2026-03-01T00:00:00Z')))
      expect(await execution.finish(after)).toEqual({ outcome: 'recovered' })
      if (when === 'after the next run') await wake()
      expect(toUuids(ledgerLines(world))).toEqual(names(28))
      expect(world.taskNow()).toMatchObject({ state: 'Collecting', events: 28 })
    },
  )
})

describe('a run that finds its task leased by an earlier run', () => {
  const held = {
    leaseOwner: 'straggler',
    leaseSinceMs: 0,
    leaseExpiresMs: Date.parse('2027-01-01T00:00:00Z'),
  }

  it('is repeated after a minute, and does not count as a failure', async () => {
    const { world, execution } = await dueWorld()
    await applied(world.ports.tasks, DUE, saveTask(world.taskNow().fence, held))
    const before = world.taskNow()
    expect(await execution.ask('collect')).toMatchObject({
      outcome: 'retry',
      attempts: 1,
      nextRetry: toIso(world.clock.now() + MINUTE_MS),
    })
    expect(world.taskNow()).toEqual(before)
  })

  it('is repeated if the earlier run recorded a failure, and not if that run ended well', async () => {
    for (const outcome of ['retry', 'recovered'] as const) {
      const { world, execution } = await dueWorld()
      well(world)
      const first = stragglerOf(world)
      const ended = execution.ask('collect', first.ports)
      await first.reached
      const busy = await execution.ask('collect')
      expect(busy).toMatchObject({ outcome: 'retry', attempts: 1 })
      if (outcome === 'retry') down(world)
      first.release()
      expect(await ended).toMatchObject({ outcome })
      execution.wait(busy)
      expect(await execution.ask('collect')).toMatchObject({ outcome })
      expect(world.taskNow().fence).toBe(2)
    }
  })

  it('at the deadline gives the task up: the earlier run can commit nothing more, and no run begins before its lease expires', async () => {
    const { world, execution } = await dueWorld()
    await applied(world.ports.tasks, DUE, saveTask(world.taskNow().fence, held))
    const answer = await execution.ask('collect')
    expect(await execution.finish(answer)).toMatchObject({ outcome: 'quit', attempts: 1 })
    const { episode, fence, halted, leaseOwner } = world.taskNow()
    expect({ halted, fence, leaseOwner }).toEqual({ halted: true, fence: 2, leaseOwner: held.leaseOwner })
    // That run may be the last attempt itself.
    expect(episode?.quitMs).toBe((episode?.deadlineMs ?? 0) + LAST_RUN_SECONDS * 1000)
    expect(await applied(world.ports.tasks, DUE, saveTask(1, { cursor: 'late' }))).toBeUndefined()
    expect(world.ports.healthEvents.open()).toHaveLength(1)
    expect(world.bus.health.at(-1)?.details.error).toContain('given up')
  })
})

describe('a run that nobody waits for any longer', () => {
  it.each([
    ['States.Timeout', true],
    ['Lambda.ServiceException', true],
    ['Lambda.Unknown', false],
    ['Sandbox.Timedout', false],
    ['TypeError', false],
  ])('by %s keeps its lease: %s', async (error, keeps) => {
    const { world, execution } = await dueWorld()
    const held = { leaseOwner: 'run', leaseExpiresMs: world.clock.now() + MINUTE_MS }
    await applied(world.ports.tasks, DUE, saveTask(world.taskNow().fence, held))
    expect(await execution.ask('died', world.ports, { Error: error, Cause: '{}' })).toMatchObject({
      outcome: 'retry',
      attempts: 2,
    })
    expect('leaseOwner' in world.taskNow()).toBe(keeps)
    expect(await applied(world.ports.tasks, DUE, saveTask(1, { cursor: 'late' }))).toBeUndefined()
  })
})

it('makes no run for a task without an episode', async () => {
  const world = collectWorld({ events: eventsFrom(0, 5) })
  expect(await executionOf(world).ask('collect')).toEqual({ outcome: 'stopped' })
  expect(world.eventsApi.calls).toEqual([])
})
