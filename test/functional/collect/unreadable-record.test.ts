import { describe, expect, it } from 'vitest'
import { WALK_STUCK_MS } from '../../../shared/contract/timing.ts'
import { type CollectWorld, collectWorld, eventsFrom } from '../../support/collect-world.ts'
import { linesInLake, openNow, refusal } from '../../support/reset-world.ts'

const MINUTE_MS = 60_000

const missingOf = (world: CollectWorld, count: number): string[] => {
  const delivered = new Set(linesInLake(world))
  return Array.from({ length: count }, (_, i) => `E${i}`).filter(uuid => !delivered.has(uuid))
}

/** A run has died between an object with three events and its commit, and nobody may read that object. */
async function blockedWorld() {
  const world = collectWorld({ events: eventsFrom(0, 5) })
  await world.run()
  world.eventsApi.events.push(...eventsFrom(5, 3, Date.parse('2026-02-28T06:00:00Z')))
  const { create, record } = world.ports.lake
  let blocked = ''
  world.ports.lake.create = async (key, ...page) => {
    await create(key, ...page)
    blocked = key
    throw new Error('socket hang up')
  }
  await world.run()
  world.ports.lake.create = create
  world.ports.lake.record = key => (key === blocked ? Promise.reject(refusal('Forbidden', 403)) : record(key))
  const firstMs = world.clock.now() + MINUTE_MS
  /** Makes a run so long after the first one that met the object. */
  const runAt = (ms: number) => {
    world.clock.advance(firstMs + ms - world.clock.now())
    return world.run()
  }
  const relent = () => {
    world.ports.lake.record = record
  }
  return { ...world, runAt, relent }
}

describe('an uncommitted object whose record nobody may read', () => {
  it('fails each run for an hour, with the advice for a denied call, and nothing is delivered past it', async () => {
    const world = await blockedWorld()
    for (const ms of [0, MINUTE_MS, WALK_STUCK_MS - 1]) {
      expect(await world.runAt(ms)).toMatchObject({ outcome: 'failed', error: { type: 'FirstPartyGeneric' } })
    }
    expect(linesInLake(world)).toHaveLength(8)
    expect(world.taskNow()).toMatchObject({ chain: 1, events: 5 })
  })

  it('is passed by after an hour: no event is lost, and a warning says which may be there twice', async () => {
    const world = await blockedWorld()
    await world.runAt(0)
    world.eventsApi.events.push(...eventsFrom(8, 2, Date.parse('2026-02-28T07:00:00Z')))
    expect(await world.runAt(WALK_STUCK_MS)).toMatchObject({ outcome: 'drained', events: 5 })
    expect(missingOf(world, 10)).toEqual([])
    expect(linesInLake(world)).toHaveLength(10 + 3)
    const told = world.bus.health.find(({ eventName }) => eventName === 'OverlapUnknownWarning')
    expect(told?.details.description).toContain('No event is missing')
    expect(openNow(world)).toEqual([])
    world.eventsApi.events.push(...eventsFrom(10, 2, Date.parse('2026-02-28T08:00:00Z')))
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 2 })
  })

  it('is adopted if it can be read again within the hour', async () => {
    const world = await blockedWorld()
    await world.runAt(0)
    world.relent()
    expect((await world.runAt(MINUTE_MS)).outcome).toBe('drained')
    expect(linesInLake(world)).toHaveLength(8)
    expect(world.taskNow()).toMatchObject({ chain: 1, events: 8 })
    expect(world.taskNow().refusedPlace).toBeUndefined()
  })

  it('does not count hours of trouble that passes', async () => {
    const world = await blockedWorld()
    const { record } = world.ports.lake
    world.ports.lake.record = () => Promise.reject(refusal('SlowDown', 503))
    await world.runAt(0)
    await world.runAt(WALK_STUCK_MS)
    world.ports.lake.record = record
    expect((await world.runAt(WALK_STUCK_MS)).outcome).toBe('failed')
    expect(world.taskNow().chain).toBe(1)
  })

  it.each(['before', 'after'] as const)('is passed by even if that run dies %s any effect', async phase => {
    const sample = await blockedWorld()
    await sample.runAt(0)
    sample.clock.advance(WALK_STUCK_MS)
    const { effects } = await sample.runUntilKilled()
    for (const at of effects.keys()) {
      const world = await blockedWorld()
      await world.runAt(0)
      world.clock.advance(WALK_STUCK_MS)
      await world.runUntilKilled({ at, phase })
      world.expireLease()
      await world.run()
      expect(missingOf(world, 8), `killed ${phase} ${effects[at]}`).toEqual([])
      expect(linesInLake(world)).toHaveLength(8 + 3)
      expect(world.taskNow().state).toBe('Collecting')
    }
  })
})
