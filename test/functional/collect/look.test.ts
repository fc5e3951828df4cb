import { describe, expect, it } from 'vitest'
import { look } from '../../../functions/collect/look.ts'
import { renewTask } from '../../../shared/domain/task/life.ts'
import type { EventsApiAnswer } from '../../../shared/ports.ts'
import {
  type CollectWorld,
  collectWorld,
  DUE,
  eventsFrom,
  ledgerLines,
  toUuids,
} from '../../support/collect-world.ts'
import { answered, failed, unauthorized } from '../../support/fakes/events-api.ts'
import { restore } from '../../support/ledger-world.ts'

const lookAt = ({ ports, settings, clock }: CollectWorld, using: Partial<CollectWorld['ports']> = {}) =>
  look(
    { ...ports, ...using },
    settings,
    { ...DUE, reason: 'look' },
    {
      runId: 'look-1',
      deadlineMs: clock.now() + 240_000,
    },
  )

const html: EventsApiAnswer = { status: 403, body: Buffer.from('<html>Blocked</html>') }

/** A task that has collected five events and is halted by a 401; five more events wait. */
async function haltedWorld(): Promise<CollectWorld> {
  const world = collectWorld({ events: eventsFrom(0, 5) })
  await world.run()
  world.eventsApi.events.push(...eventsFrom(5, 5, Date.parse('2026-03-02T00:00:00Z')))
  world.eventsApi.answering = () => unauthorized
  await world.run()
  expect(world.taskNow()).toMatchObject({ halted: true })
  world.clock.advance(3_600_000)
  world.eventsApi.calls.length = 0
  world.bus.health.length = 0
  return world
}

describe('a look at a task that waits for its user', () => {
  it('restarts it if 1Password takes the token again, asks for a run, and tells it as a health event', async () => {
    const world = await haltedWorld()
    const before = world.taskNow()
    world.eventsApi.answering = () => undefined
    expect(await lookAt(world)).toMatchObject({ sourceId: DUE.sourceId, outcome: 'restarted' })
    expect(world.eventsApi.calls.map(({ path }) => path)).toEqual(['/api/v2/auth/introspect'])
    expect(world.taskNow()).toMatchObject({ state: 'Pending', cursor: before.cursor, fence: before.fence })
    expect(world.taskNow()).not.toHaveProperty('halted')
    expect(world.bus.published).toEqual([{ ...DUE, reason: 'recovered' }])
    expect(world.bus.health).toMatchObject([
      { status: 'Healthy', details: { trackerId: 'ThirdPartyConfigError/sign-in' } },
    ])
    expect(world.bus.health[0]?.details.error).toContain('restarted by itself')
    expect(world.ports.healthEvents.open()).toEqual([])
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 5 })
    expect(world.taskNow()).toMatchObject({ state: 'Collecting', introspected: 1, chain: 1 })
    expect(toUuids(ledgerLines(world))).toHaveLength(10)
  })

  it.each<[string, () => EventsApiAnswer]>([
    ['refuses the token still', () => unauthorized],
    ['is unavailable', () => failed(503)],
    ['is behind a firewall', () => html],
    ['says nothing of features', () => answered('{}')],
    ['says that the token lacks the feature', () => answered('{"features":["itemusages"]}')],
    [
      'says that the token is of another account',
      () => answered('{"features":["signinattempts"],"account_uuid":"B"}'),
    ],
  ])('leaves it as it is if 1Password %s', async (_what, answer) => {
    const world = await haltedWorld()
    const before = world.taskNow()
    world.eventsApi.answering = answer
    expect(await lookAt(world)).toMatchObject({ outcome: 'unchanged' })
    expect(world.taskNow()).toEqual(before)
    expect(world.eventsApi.calls.every(({ method }) => method === 'GET')).toBe(true)
    expect([...world.bus.published, ...world.bus.health]).toEqual([])
    expect(world.logged.at(-1)).toMatch(/a look has found nothing new.*"(error|why)":/)
  })

  it.each<[string, (world: CollectWorld) => void]>([
    ['the source was changed since the task was halted', world => world.update()],
    [
      'the task knows no account',
      world => {
        const { accountUuid: _, ...task } = world.taskNow()
        restore(world, task)
      },
    ],
  ])('takes a token of another account if %s', async (_what, change) => {
    const world = await haltedWorld()
    world.eventsApi.answering = () => undefined
    world.eventsApi.accountUuid = 'B'
    change(world)
    expect(await lookAt(world)).toMatchObject({ outcome: 'restarted' })
  })

  it('takes a token if 1Password names no account', async () => {
    const world = await haltedWorld()
    world.eventsApi.answering = () => answered('{"features":["signinattempts"]}')
    expect(await lookAt(world)).toMatchObject({ outcome: 'restarted' })
  })

  it('sees a token that was mended in the secret by hand', async () => {
    const world = await haltedWorld()
    world.eventsApi.answering = () => undefined
    world.eventsApi.token = 'mended'
    world.secrets.set(DUE.sourceId, { current: 'v2', versions: { v1: 'the-token', v2: '"mended"\n' } })
    expect(await lookAt(world)).toMatchObject({ outcome: 'restarted' })
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 5 })
  })

  it('sees such a token at once where the source names no version', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    world.update({ tokenVersion: '' })
    world.eventsApi.answering = ({ token }) =>
      token === 'mended' ? undefined : answered('{"features":["itemusages"]}')
    await world.run()
    expect(world.taskNow()).toMatchObject({ halted: true })
    world.eventsApi.token = 'mended'
    world.secrets.set(DUE.sourceId, { current: 'v2', versions: { v1: 'the-token', v2: 'mended' } })
    expect(await lookAt(world)).toMatchObject({ outcome: 'restarted' })
  })

  it('does not ask for one whose host is not allowed, or whose secret is gone', async () => {
    for (const break_ of [
      (world: CollectWorld) => void world.settings.allowedHosts.splice(0),
      (world: CollectWorld) => world.secrets.clear(),
    ]) {
      const world = await haltedWorld()
      world.eventsApi.answering = () => undefined
      break_(world)
      expect(await lookAt(world)).toMatchObject({ outcome: 'unchanged' })
      expect(world.eventsApi.calls).toEqual([])
      expect(world.taskNow()).toMatchObject({ halted: true })
    }
  })

  it.each<[string, (world: CollectWorld) => unknown]>([
    ['was restarted', ({ ports }) => ports.tasks.apply(DUE, renewTask(2, '2026-03-01T12:00:00.000Z'))],
    ['is gone', ({ ports }) => ports.tasks.remove(DUE)],
    ['has no source any more', ({ registered }) => Object.assign(registered, { current: undefined })],
    ['is of a source that is being deleted', world => world.update({ stopping: true })],
    ['was taken out of its source', world => world.update({ apis: ['itemUsage'] })],
  ])('asks nothing if it %s', async (_what, change) => {
    const world = await haltedWorld()
    world.eventsApi.answering = () => undefined
    await change(world)
    expect(await lookAt(world)).toMatchObject({ outcome: 'unchanged' })
    expect(world.eventsApi.calls).toEqual([])
    expect(world.bus.published).toEqual([])
  })

  it('does nothing if its user was faster, and one of two looks does it', async () => {
    const world = await haltedWorld()
    world.eventsApi.answering = () => undefined
    const ends = await Promise.all([lookAt(world), lookAt(world)])
    expect(ends.map(({ outcome }) => outcome).sort()).toEqual(['restarted', 'unchanged'])
    expect(world.bus.published).toHaveLength(1)
  })

  it('leaves the run to the next tick if the bus refuses its event', async () => {
    const world = await haltedWorld()
    world.eventsApi.answering = () => undefined
    const publishDue = () => Promise.reject(new Error('refused'))
    expect(await lookAt(world, { bus: { ...world.bus, publishDue } })).toMatchObject({ outcome: 'restarted' })
    expect(world.taskNow()).toMatchObject({ state: 'Pending' })
    const line = world.logged.find(logged => logged.includes('waits for the next tick'))
    expect(line).toContain('refused')
  })
})
