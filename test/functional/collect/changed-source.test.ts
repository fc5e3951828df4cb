import { describe, expect, it } from 'vitest'
import { renewTask, stopTask } from '../../../shared/domain/task/life.ts'
import { replacingTransition } from '../../support/applying.ts'
import { collectWorld, DUE, eventsFrom, ledgerLines, toUuids } from '../../support/collect-world.ts'
import { unauthorized } from '../../support/fakes/events-api.ts'

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `E${i}`)
const later = (first: number, count: number) => eventsFrom(first, count, Date.parse('2026-03-01T13:00:00Z'))

/** A task that has read ten events, and then its source changes. */
async function collected() {
  const world = collectWorld({ events: eventsFrom(0, 10), pageSize: 4 })
  await world.run()
  return world
}

describe('a source that is updated', () => {
  it('continues from its cursor, through Started to Collecting', async () => {
    const world = await collected()
    world.update({ name: 'Renamed' })
    world.eventsApi.events.push(...later(10, 3))
    await world.run()
    expect(world.taskNow()).toMatchObject({ state: 'Collecting', version: 2, introspected: 2, chain: 1 })
    expect(toUuids(ledgerLines(world))).toEqual(names(13))
    expect(JSON.parse(ledgerLines(world).at(-1) ?? '')._metadata.source).toBe('Renamed')
  })

  it.each([
    ['base URL', 'hours before', { baseUrl: 'https://events.1password.eu' }, 'A', '2026-02-28T00:00:00Z'],
    ['account', 'at', {}, 'B', '2026-02-28T00:09:00Z'],
  ])(
    'to another %s begins %s the last event, and repeats none',
    async (_name, _at, change, account, from) => {
      const world = collectWorld({ events: eventsFrom(0, 10), pageSize: 4 })
      world.settings.allowedHosts.push('events.1password.eu')
      world.eventsApi.accountUuid = 'A'
      await world.run()
      world.eventsApi.accountUuid = account
      world.update(change)
      world.eventsApi.events.push(...later(10, 3))
      world.eventsApi.calls.length = 0
      await world.run()
      expect(world.eventsApi.calls[1]?.body).toContain(`"start_time":"${from}"`)
      expect(world.taskNow()).toMatchObject({ state: 'Collecting', chain: 2 })
      expect(toUuids(ledgerLines(world))).toEqual(names(13))
    },
  )

  it('to another base URL after a longer pause than 1Password keeps events tells what is missing', async () => {
    const world = await collected()
    world.settings.allowedHosts.push('events.1password.eu')
    world.clock.advance(130 * 86_400_000)
    world.update({ baseUrl: 'https://events.1password.eu' })
    await world.run()
    expect(world.taskNow()).toMatchObject({ state: 'Collecting', startTime: '2026-03-11T13:00:00Z' })
    const told = world.bus.health.find(({ eventName }) => eventName === 'CursorResetWarning')
    expect(told?.details).toMatchObject({
      error: 'Sign-in Attempts: events are missing',
      description: expect.stringContaining('from 2026-02-28T00:09:00.000Z to 2026-03-11T13:00:00Z'),
    })
  })

  it('to another base URL while a page was written and not committed loses and repeats nothing', async () => {
    const world = await collected()
    world.settings.allowedHosts.push('events.1password.eu')
    world.eventsApi.events.push(...later(10, 3))
    const { create } = world.ports.lake
    world.ports.lake.create = async (...args) => {
      await create(...args)
      throw new Error('socket hang up')
    }
    await world.run()
    world.ports.lake.create = create
    world.update({ baseUrl: 'https://events.1password.eu' })
    await world.run()
    expect(toUuids(ledgerLines(world))).toEqual(names(13))
  })

  it('and is killed at any effect of its first run afterwards has every event once', async () => {
    const moved = async () => {
      const world = await collected()
      world.settings.allowedHosts.push('events.1password.eu')
      world.update({ baseUrl: 'https://events.1password.eu' })
      world.eventsApi.events.push(...later(10, 6))
      return world
    }
    const { effects } = await (await moved()).runUntilKilled()
    for (const at of effects.keys()) {
      for (const phase of ['before', 'after'] as const) {
        const world = await moved()
        await world.runUntilKilled({ at, phase })
        world.expireLease()
        await world.run()
        expect(toUuids(ledgerLines(world)), `${phase} ${effects[at]}`).toEqual(names(16))
      }
    }
  })

  it('during a run ends the run after its present page, and the next run begins at once', async () => {
    const world = await collected()
    world.eventsApi.events.push(...later(10, 8))
    world.eventsApi.answering = async () => {
      world.eventsApi.answering = () => undefined
      world.update()
      await world.ports.tasks.apply(DUE, renewTask(2, '2026-03-01T14:00:00.000Z'))
      return undefined
    }
    expect(await world.run()).toMatchObject({ outcome: 'continued', pages: 1 })
    expect(world.bus.published).toEqual([{ ...DUE, reason: 'updated' }])
    expect(world.taskNow()).toMatchObject({ state: 'Pending', version: 1 })
    await world.run()
    expect(world.taskNow()).toMatchObject({ state: 'Collecting', version: 2 })
    expect(toUuids(ledgerLines(world))).toEqual(names(18))
  })

  it('during a run that then fails for good is not halted', async () => {
    const world = await collected()
    world.eventsApi.answering = async () => {
      world.update()
      await world.ports.tasks.apply(DUE, renewTask(2, '2026-03-01T14:00:00.000Z'))
      return unauthorized
    }
    expect((await world.run()).outcome).toBe('failed')
    expect(world.taskNow().halted).toBeUndefined()
    expect(world.bus.published).toEqual([{ ...DUE, reason: 'updated' }])
  })

  it('is read under the lease, so that a run that was slow to begin does not bring back the old version', async () => {
    const world = await collected()
    world.settings.allowedHosts.push('events.1password.eu')
    const { apply } = world.ports.tasks
    const slow = {
      ...world.ports.tasks,
      apply: replacingTransition(apply, 'lease', async (...args) => {
        world.update({ baseUrl: 'https://events.1password.eu' })
        return apply(...args)
      }),
    }
    await world.run({ ...world.ports, tasks: slow })
    expect(world.taskNow()).toMatchObject({ version: 2, baseUrl: 'https://events.1password.eu' })
  })

  it('before it has collected begins with its new start_time', async () => {
    const world = collectWorld({ events: eventsFrom(0, 10) })
    world.eventsApi.answering = () => unauthorized
    await world.run()
    world.eventsApi.answering = () => undefined
    world.update({ startTime: '2026-02-28T00:05:00Z' })
    await world.ports.tasks.apply(DUE, renewTask(2, '2026-03-01T14:00:00.000Z'))
    await world.run()
    expect(toUuids(ledgerLines(world))).toEqual(['E5', 'E6', 'E7', 'E8', 'E9'])
  })

  it('while its first page was written and not committed keeps its start_time, and nothing is doubled', async () => {
    const world = collectWorld({ events: eventsFrom(0, 10) })
    const { effects } = await collectWorld({ events: eventsFrom(0, 10) }).runUntilKilled()
    await world.runUntilKilled({ at: effects.indexOf('lake.create'), phase: 'after' })
    expect(world.ports.lake.objects.size).toBe(1)
    expect(world.taskNow().lastObjectKey).toBeUndefined()
    world.expireLease()
    world.update({ startTime: '2026-02-28T00:05:00Z' })
    await world.ports.tasks.apply(DUE, renewTask(2, '2026-03-01T14:00:00.000Z'))
    await world.run()
    expect(toUuids(ledgerLines(world))).toEqual(names(10))
  })

  it('whose tasks were not renewed begins again with the next run', async () => {
    const world = await collected()
    world.eventsApi.events.push(...later(10, 8))
    world.eventsApi.answering = () => {
      world.eventsApi.answering = () => undefined
      world.update()
      return undefined
    }
    await world.run()
    expect(world.taskNow().version).toBe(1)
    await world.run()
    expect(world.taskNow()).toMatchObject({ version: 2, state: 'Collecting' })
    expect(toUuids(ledgerLines(world))).toEqual(names(18))
  })

  it('shows a fault of the new version under the new version', async () => {
    const world = await collected()
    world.update()
    world.eventsApi.answering = () => unauthorized
    await world.run()
    expect(world.taskNow()).toMatchObject({ version: 2, introspected: 1, state: 'Error', halted: true })
  })

  it('so that it lacks the API parks the task, which makes no requests and continues if the API comes back', async () => {
    const world = await collected()
    const apis = ['auditEvents'] as const
    world.update({ apis })
    world.eventsApi.events.push(...later(10, 3))
    world.eventsApi.calls.length = 0
    expect((await world.run()).outcome).toBe('gone')
    expect(world.taskNow()).toMatchObject({ halted: true, version: 2 })
    expect(world.taskNow().leaseOwner).toBeUndefined()
    expect(world.eventsApi.calls).toHaveLength(0)
    world.update({ apis: ['sign-in', 'auditEvents'] })
    await world.ports.tasks.apply(DUE, renewTask(3, '2026-03-02T00:00:00.000Z'))
    await world.run()
    expect(toUuids(ledgerLines(world))).toEqual(names(13))
  })
})

describe('a source that is deleted during a run', () => {
  it('gets no further commit; the run gives its lease back and sends dispatch an event', async () => {
    const world = await collected()
    world.eventsApi.events.push(...later(10, 20))
    world.eventsApi.answering = async () => {
      await world.ports.tasks.apply(DUE, stopTask('2026-03-01T14:00:00.000Z'))
      return undefined
    }
    expect((await world.run()).outcome).toBe('superseded')
    expect(world.taskNow()).toMatchObject({ state: 'Stopping', events: 10 })
    expect(world.taskNow().leaseOwner).toBeUndefined()
    expect(world.bus.stopping).toEqual([{ collectorId: DUE.collectorId, sourceId: DUE.sourceId }])
  })

  it('is not collected again', async () => {
    const world = await collected()
    world.update({ stopping: true })
    expect((await world.run()).outcome).toBe('gone')
    expect(world.bus.stopping).toHaveLength(1)
  })
})
