import { describe, expect, it } from 'vitest'
import { dispatch } from '../../../functions/dispatch/dispatch.ts'
import { recordDeath } from '../../../shared/application/take-over.ts'
import { toSourceState } from '../../../shared/domain/source/source-state.ts'
import { replacingTransition } from '../../support/applying.ts'
import { type CollectWorld, collectWorld, DUE, eventsFrom, ledgerLines } from '../../support/collect-world.ts'
import { executionOf } from '../../support/execution.ts'
import { down, failingWorld, renew, well } from '../../support/failing-world.ts'
import { fakeRegistry } from '../../support/fakes/registry.ts'
import { fakeTicks } from '../../support/fakes/ticks.ts'
import { fakeTokenRemover } from '../../support/fakes/tokens.ts'

const DEATH = { kind: 'dead-run', errorType: 'Runtime.ImportModuleError' } as const

function tick({ ports, registered }: CollectWorld) {
  const registry = { ...fakeRegistry(), registered: async () => registered.current }
  return dispatch({ ...ports, registry, ticks: fakeTicks(), tokenRemover: fakeTokenRemover(new Map()) })
}

const shown = ({ registered, taskNow }: CollectWorld) => {
  if (!registered.current) throw new Error('the source is gone')
  return toSourceState({ ...registered.current.source, apis: [DUE.api] }, [taskNow()])
}

/** Every attempt dies before it has read anything. */
async function dieUntilQuit(world: CollectWorld): Promise<void> {
  await recordDeath(world.ports, world.taskNow(), DEATH, { isDead: true })
  const execution = executionOf(world)
  let answer = await execution.ask('claim')
  while (answer.outcome === 'retry') {
    execution.wait(answer)
    answer = await execution.ask('died', world.ports, { Error: DEATH.errorType, Cause: '' })
  }
  expect(answer.outcome).toBe('quit')
}

describe('a task whose runs fail before their first request', () => {
  it.each([
    ['of a new source', async () => collectWorld({ events: eventsFrom(0, 5) })],
    [
      'of a restarted source',
      async () => {
        const world = collectWorld({ events: eventsFrom(0, 5) })
        await world.run()
        await renew(world)
        return world
      },
    ],
  ])('%s shows its error and stays given up', async (_name, open) => {
    const world = await open()
    await dieUntilQuit(world)
    expect(shown(world)).toMatchObject({ state: 'Error', error: { type: 'FirstPartyGeneric' } })
    await tick(world)
    expect(world.taskNow().halted).toBe(true)
    expect(world.bus.published).toEqual([])
  })

  it('because the lake cannot be searched for an uncommitted object shows its error, too', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    const { create, record } = world.ports.lake
    const refuse = (): Promise<never> => Promise.reject(new Error('SlowDown'))
    Object.assign(world.ports.lake, { create: refuse, record: refuse })
    await world.run()
    await renew(world)
    await world.run()
    expect(shown(world)).toMatchObject({
      state: 'Error',
      error: { info: expect.stringContaining('SlowDown') },
    })
    Object.assign(world.ports.lake, { create, record })
    await world.run()
    expect(ledgerLines(world)).toHaveLength(5)
  })

  it('is recorded as failed even if the names of its source cannot be read', async () => {
    const world = collectWorld()
    const registry = { registered: () => Promise.reject(new Error('throttled')) }
    await recordDeath({ ...world.ports, registry }, world.taskNow(), DEATH, { isDead: true })
    expect(world.taskNow()).toMatchObject({ state: 'Error', episode: { attempts: 1 } })
    const [change] = world.taskNow().health?.untold ?? []
    expect(change?.event.resourceIdentity.name).toBe('Unknown')
  })
})

describe('a task in an episode', () => {
  it('begins again at the next tick if the restart died before it could renew the task', async () => {
    const world = await failingWorld()
    world.update()
    expect(await tick(world)).toMatchObject({ due: 0 })
    expect(world.taskNow()).toMatchObject({ state: 'Pending', renewed: 2 })
    expect(world.taskNow()).not.toHaveProperty('episode')
    expect(world.bus.published).toMatchObject([{ ...DUE, reason: 'updated' }])
    well(world)
    await world.run()
    await tick(world)
    expect(world.taskNow()).toMatchObject({ state: 'Collecting', version: 2 })
  })

  it('stays in Error while its retries go through the states again', async () => {
    const world = await failingWorld()
    await renew(world)
    down(world)
    await world.run()
    const { stateSince } = world.taskNow()
    const seen = new Set<string>()
    const { apply } = world.ports.tasks
    world.ports.tasks.apply = replacingTransition(apply, 'save', async (...args) => {
      const saved = await apply(...args)
      if (saved) seen.add(`${saved.after.state} ${saved.after.stateSince}`)
      return saved
    })
    world.clock.advance(60_000)
    await world.run()
    expect([...seen]).toEqual([`Error ${stateSince}`])
    well(world)
    await world.run()
    expect(world.taskNow()).toMatchObject({ state: 'Collecting' })
    expect(Object.keys(world.taskNow().reachedMs ?? {})).toEqual(
      expect.arrayContaining(['Started', 'Initialized', 'Authenticated', 'Collecting']),
    )
  })
})

it('the token of an answer that repeats the request is shown nowhere', async () => {
  const world = collectWorld({ events: eventsFrom(0, 5) })
  const { token } = world.eventsApi
  down(world, { status: 502, body: Buffer.from(`bad request: authorization: Bearer ${token}; ${token}`) })
  await world.run()
  const execution = executionOf(world)
  const answer = await execution.ask('claim')
  expect(world.taskNow().error?.info).toContain('authorization: Bearer ********')
  const everything = [world.taskNow(), world.bus, world.logged, world.ports.healthEvents.open(), answer]
  expect(JSON.stringify(everything)).not.toContain(token)
})
