import { describe, expect, it } from 'vitest'
import { finishDeletion } from '../../../functions/dispatch/deletion.ts'
import type { HealthEvent } from '../../../shared/domain/task/health-event.ts'
import { renewTask, stopTask } from '../../../shared/domain/task/life.ts'
import { type CollectWorld, collectWorld, DUE, eventsFrom, noteRefusal } from '../../support/collect-world.ts'
import { badRequest, failed } from '../../support/fakes/events-api.ts'
import { fakeRegistry } from '../../support/fakes/registry.ts'
import { fakeTokenRemover, secretOf } from '../../support/fakes/tokens.ts'
import { openAfter } from '../../support/health.ts'
import type { Kill } from '../../support/killing.ts'

const DAY_MS = 86_400_000
const TICK_MS = 300_000
const collecting = { state: 'Collecting', introspected: 1, version: 1 } as const

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token that expires some days after a time. */
const tokenFor = (days: number, fromMs: number): string =>
  `${part({})}.${part({ exp: Math.floor(fromMs / 1000) + days * 86_400 })}.sig`

/** A source whose token expires after so many days, collected without an event since. */
function expiringWorld(days: number) {
  const world = collectWorld({ events: eventsFrom(0, 5), task: collecting })
  const token = tokenFor(days, world.clock.now())
  world.eventsApi.token = token
  world.secrets.set(DUE.sourceId, secretOf(token, 'v1'))
  return { ...world, token }
}

async function runAfter(world: CollectWorld, days: number): Promise<void> {
  world.clock.advance(days * DAY_MS)
  await world.run()
}

const publishedTexts = ({ bus }: Pick<CollectWorld, 'bus'>): string[] =>
  bus.health.map(({ status, severityLevel, details }) => `${status} ${severityLevel} ${details.trackerId}`)

const openNow = ({ ports }: CollectWorld): string[] =>
  ports.healthEvents.open().map(place => place.slice(place.indexOf('#') + 1))

const history = ({ ports }: CollectWorld): HealthEvent[] => [
  ...(ports.healthEvents.histories.get(DUE.sourceId)?.values() ?? []),
]

const EXPIRY = 'Warning TokenExpiryWarning/sign-in'
const RESET = 'Warning CursorResetWarning/sign-in'

describe('a token that expires', () => {
  it('causes one warning 14 days before and one 3 days before, and the source continues to collect', async () => {
    const world = expiringWorld(20)
    await world.run()
    await runAfter(world, 5.9)
    expect(publishedTexts(world)).toEqual([])
    expect(world.taskNow()).not.toHaveProperty('health')
    await runAfter(world, 0.2)
    await runAfter(world, 5)
    expect(publishedTexts(world)).toEqual([`UnHealthy ${EXPIRY}`])
    await runAfter(world, 6)
    await runAfter(world, 1)
    expect(publishedTexts(world)).toEqual([`UnHealthy ${EXPIRY}`, `Healthy ${EXPIRY}`, `UnHealthy ${EXPIRY}`])
    expect(world.bus.health.map(({ details }) => details.description.match(/within (.*?)\./)?.[1])).toEqual([
      '14 days',
      undefined,
      '3 days',
    ])
    const { events } = await world.ports.healthEvents.unresolved({ limit: 9 })
    expect(events).toMatchObject([{ severityLevel: 'Warning', eventName: 'TokenExpiryWarning' }])
    expect(world.taskNow()).toMatchObject({ state: 'Collecting' })
    expect(world.taskNow()).not.toHaveProperty('error')
    expect(JSON.stringify([world.bus.health, world.logged])).not.toContain(world.token)
  })

  it('costs an idle run no more writes, except those that publish the warning', async () => {
    const world = expiringWorld(10)
    const writes = ({ effects }: { effects: readonly string[] }) =>
      effects.filter(effect => /tasks|healthEvents|bus/.test(effect))
    world.eventsApi.events.length = 0
    expect(writes(await world.runUntilKilled())).toEqual([
      'tasks.lease',
      'tasks.save',
      'healthEvents.record',
      'bus.publishHealth',
      'tasks.markHealthPublished',
    ])
    expect(writes(await world.runUntilKilled())).toEqual(['tasks.lease', 'tasks.save'])
  })

  it('causes no new warning after a restart; an update with a token that lasts longer closes the warning', async () => {
    const world = expiringWorld(10)
    await world.run()
    world.update()
    await world.ports.tasks.apply(DUE, renewTask(2, new Date(world.clock.now()).toISOString()))
    await runAfter(world, 1)
    expect(publishedTexts(world)).toEqual([`UnHealthy ${EXPIRY}`])
    const next = tokenFor(365, world.clock.now())
    world.secrets.set(DUE.sourceId, { current: 'v2', versions: { v1: world.token, v2: next } })
    world.eventsApi.token = next
    world.update({ tokenVersion: 'v2' })
    await runAfter(world, 1)
    expect(publishedTexts(world)).toEqual([`UnHealthy ${EXPIRY}`, `Healthy ${EXPIRY}`])
    expect(openNow(world)).toEqual([])
    expect(world.taskNow().health).toEqual({ changes: 2 })
  })

  it('is replaced by a longer-lived token that is put into the secret by hand, before 1Password refuses it', async () => {
    const world = expiringWorld(10)
    await world.run()
    const next = tokenFor(365, world.clock.now())
    world.secrets.set(DUE.sourceId, { current: 'v9', versions: { v1: world.token, v9: next } })
    world.eventsApi.token = next
    world.eventsApi.calls.length = 0
    await runAfter(world, 1)
    expect(world.eventsApi.calls.map(({ method, token }) => [method, token])).toEqual([
      ['GET', next],
      ['POST', next],
    ])
    expect(publishedTexts(world)).toEqual([`UnHealthy ${EXPIRY}`, `Healthy ${EXPIRY}`])
    await runAfter(world, 20)
    expect(world.taskNow()).toMatchObject({ state: 'Collecting', health: { changes: 2 } })
  })

  it('does not give way to one that lives no longer', async () => {
    const world = expiringWorld(10)
    const next = tokenFor(9, world.clock.now())
    world.secrets.set(DUE.sourceId, { current: 'v9', versions: { v1: world.token, v9: next } })
    await world.run()
    expect(world.taskNow()).toMatchObject({ state: 'Collecting' })
    expect(publishedTexts(world)).toEqual([`UnHealthy ${EXPIRY}`])
  })

  it('is still used if the secret cannot be read again', async () => {
    const world = expiringWorld(10)
    const tokens = { ...world.ports.tokens, newerToken: () => Promise.reject(new Error('throttled')) }
    expect(await world.run({ ...world.ports, tokens })).toMatchObject({ outcome: 'drained' })
    expect(publishedTexts(world)).toEqual([`UnHealthy ${EXPIRY}`])
  })

  it('and then has expired causes an error beside the warning; a new token closes both', async () => {
    const world = expiringWorld(2)
    await world.run()
    world.eventsApi.token = tokenFor(365, world.clock.now())
    await runAfter(world, 2)
    expect(world.taskNow()).toMatchObject({ state: 'Error', halted: true, error: { code: 401 } })
    expect(publishedTexts(world)).toEqual([
      `UnHealthy ${EXPIRY}`,
      'UnHealthy Error ThirdPartyConfigError/sign-in',
    ])
    world.secrets.set(DUE.sourceId, secretOf(world.eventsApi.token, 'v2'))
    world.update({ tokenVersion: 'v2' })
    await world.ports.tasks.apply(DUE, renewTask(2, new Date(world.clock.now()).toISOString()))
    await world.run()
    expect(openNow(world)).toEqual([])
    expect(openAfter(history(world))).toEqual([])
  })

  it('also causes a warning in a run that fails, in the same write', async () => {
    const world = expiringWorld(10)
    world.eventsApi.answering = () => failed(503)
    await world.run()
    expect(publishedTexts(world)).toEqual([
      'UnHealthy Error ThirdPartyGenericError/sign-in',
      `UnHealthy ${EXPIRY}`,
    ])
    expect(world.taskNow().health?.open).toMatchObject({ type: 'ThirdPartyGeneric' })
  })

  it('causes no warning in a run that could not read it', async () => {
    const world = expiringWorld(10)
    await world.run()
    world.clock.advance(DAY_MS)
    const tokens = { ...world.ports.tokens, token: () => Promise.reject(new Error('throttled')) }
    await world.run({ ...world.ports, tokens })
    expect(openNow(world)).toEqual(['FirstPartyGenericError/sign-in', 'TokenExpiryWarning/sign-in'])
  })
})

/** A task that has collected 25 events; 4 more wait, and its cursor is refused. */
async function refusedWorld(pageSize = 1000, answerMs = 0) {
  const world = collectWorld({ events: eventsFrom(0, 25), pageSize })
  await world.run()
  world.eventsApi.events.push(...eventsFrom(25, 4, Date.parse('2026-02-28T00:25:00Z')))
  noteRefusal(world)
  const refused = `"${world.taskNow().cursor}"`
  world.eventsApi.answering = ({ body }) => {
    world.clock.advance(answerMs)
    return world.taskNow().chain === 1 && body?.includes(refused) ? badRequest : undefined
  }
  return world
}

describe('a cursor that 1Password refuses', () => {
  it('causes a warning, which the same run closes when it has read everything again', async () => {
    const world = await refusedWorld()
    const { cursorSinceMs = 0, lastEventTime = '' } = world.taskNow()
    await world.run()
    expect(publishedTexts(world)).toEqual([`UnHealthy ${RESET}`, `Healthy ${RESET}`])
    const texts = [
      '400: {"Error":{"Message":"Bad Request"}}',
      new Date(cursorSinceMs).toISOString(),
      lastEventTime,
      'from 2026-02-28T00:00:00Z on',
    ]
    for (const text of texts) expect(world.bus.health[0]?.details.description).toContain(text)
    expect(world.taskNow()).toMatchObject({ state: 'Collecting', health: { changes: 2 } })
  })

  it('causes a warning that stays open until a later run has caught up', async () => {
    const world = await refusedWorld(1, 9_000)
    const opens: string[][] = []
    do {
      await world.run(world.ports, 115)
      opens.push(openNow(world))
    } while (world.taskNow().overlap && opens.length < 10)
    expect(opens.length).toBeGreaterThan(2)
    expect(opens.pop()).toEqual([])
    for (const open of opens) expect(open).toEqual(['CursorResetWarning/sign-in'])
    expect(publishedTexts(world)).toEqual([`UnHealthy ${RESET}`, `Healthy ${RESET}`])
  })

  it('leaves events that agree with the task, wherever a run is killed', { tags: ['long'] }, async () => {
    const { effects } = await (await refusedWorld(10)).runUntilKilled()
    for (const at of effects.keys()) {
      for (const phase of ['before', 'after'] as Kill['phase'][]) {
        const world = await refusedWorld(10)
        await world.runUntilKilled({ at, phase })
        world.expireLease()
        await world.run()
        const about = `killed ${phase} ${effects[at]} (${at})`
        expect(openAfter(history(world)), about).toEqual([])
        expect(openNow(world), about).toEqual([])
        expect(history(world), about).toHaveLength(2)
        expect(world.taskNow().health, about).toEqual({ changes: 2 })
      }
    }
  })
})

describe('warnings of a task that is no longer collected', () => {
  it('are closed when its API is taken out of the source', async () => {
    const world = expiringWorld(10)
    await world.run()
    world.update({ apis: ['itemUsage'] })
    world.clock.advance(TICK_MS)
    expect(await world.run()).toMatchObject({ outcome: 'gone' })
    expect(openNow(world)).toEqual([])
    expect(world.taskNow().health).toEqual({ changes: 2 })
  })

  it('are closed when the source is deleted', async () => {
    const world = expiringWorld(10)
    await world.run()
    await world.ports.tasks.apply(DUE, stopTask(new Date(world.clock.now()).toISOString()))
    const registry = { ...fakeRegistry(), ...world.ports.registry }
    world.clock.advance(DAY_MS)
    const ports = { ...world.ports, registry, tokenRemover: fakeTokenRemover(world.secrets) }
    expect(await finishDeletion(ports, DUE)).toBe(true)
    expect(publishedTexts(world)).toEqual([`UnHealthy ${EXPIRY}`, `Healthy ${EXPIRY}`])
    expect(openNow(world)).toEqual([])
  })
})
