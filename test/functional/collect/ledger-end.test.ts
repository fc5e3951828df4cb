import { describe, expect, it } from 'vitest'
import type { CollectPorts } from '../../../functions/collect/collect-ports.ts'
import { COLLECT_TIMEOUT_SECONDS } from '../../../shared/contract/timing.ts'
import {
  type CollectWorld,
  collectWorld,
  eventsFrom,
  ledgerLines,
  toUuids,
} from '../../support/collect-world.ts'
import { answerOnce, later, names, restore } from '../../support/ledger-world.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Ports whose puts time out. `land` lets them take effect at last. */
function lateLake({ ports }: CollectWorld) {
  const waiting: (() => Promise<unknown>)[] = []
  const create: CollectPorts['lake']['create'] = async (...page) => {
    waiting.push(() => ports.lake.create(...page))
    throw new Error('socket hang up')
  }
  return {
    ports: { ...ports, lake: { ...ports.lake, create } },
    land: () => Promise.all(waiting.splice(0).map(put => put())),
  }
}

/** A task whose table was restored to before its last 30 objects. Each record that its lake reads takes this long. */
async function restoredBehindSlowLake(recordMs: number) {
  const world = collectWorld({ events: eventsFrom(0, 5), pageSize: 1 })
  await world.run()
  const backup = world.taskNow()
  world.clock.advance(DAY_MS)
  world.eventsApi.events.push(...later(5, 30))
  await world.run()
  restore(world, backup)
  const record: CollectPorts['lake']['record'] = key => {
    world.clock.advance(recordMs)
    return world.ports.lake.record(key)
  }
  return { world, ports: { ...world.ports, lake: { ...world.ports.lake, record } } }
}

describe('a put that lands long after its client gave it up', () => {
  const IN_BETWEEN: [string, (world: CollectWorld) => void][] = [
    ['nothing else', () => {}],
    ['an empty page', world => answerOnce(world, 'an empty page')],
    ['a refused cursor', world => answerOnce(world, 'a refusal')],
    ['midnight', world => world.clock.advance(HOUR_MS)],
    [
      'another base URL',
      world => world.update({ baseUrl: 'https://events.1password.com:443', tokenVersion: 'v1' }),
    ],
  ]

  it.each(IN_BETWEEN)('doubles and loses nothing with %s in between', async (_name, happens) => {
    for (const landsFirst of [true, false]) {
      const world = collectWorld({ events: eventsFrom(0, 5) })
      world.settings.allowedHosts.push('events.1password.com:443')
      world.clock.advance(11.75 * HOUR_MS)
      await world.run()
      world.eventsApi.events.push(...later(5, 4))
      const late = lateLake(world)
      expect((await world.run(late.ports)).outcome).toBe('failed')
      world.eventsApi.events.push(...later(9, 2))
      happens(world)
      if (landsFirst) await late.land()
      await world.run()
      await late.land()
      world.eventsApi.events.push(...later(11, 1))
      await world.run()
      await world.run()
      expect(toUuids(ledgerLines(world)), `lands first: ${landsFirst}`).toEqual(names(12))
      expect(world.taskNow()).toMatchObject({ state: 'Collecting', events: 12 })
    }
  })

  it('is adopted after a reset that has read nothing yet, and the new chain drops what it holds', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    world.eventsApi.events.push(...later(5, 4))
    const late = lateLake(world)
    await world.run(late.ports)
    answerOnce(world, 'a refusal')
    const { create } = world.ports.lake
    const landing: typeof create = async (...page) => {
      await late.land()
      return create(...page)
    }
    expect(await world.run({ ...world.ports, lake: { ...world.ports.lake, create: landing } })).toMatchObject(
      {
        outcome: 'drained',
        events: 4,
      },
    )
    expect(toUuids(ledgerLines(world))).toEqual(names(9))
    expect(world.taskNow()).toMatchObject({ chain: 2, events: 9 })
  })
})

const restoreWarnings = ({ bus }: CollectWorld) =>
  bus.health.filter(({ details }) => details.trackerId === 'TableRestoredWarning/sign-in')

describe('a tasks table that was restored from a backup', () => {
  it.each([
    ['an hour', HOUR_MS / 12],
    ['more than a day', 3 * HOUR_MS],
    ['weeks', 2 * DAY_MS],
  ])('of %s before delivers nothing twice, counts it, and warns of it once', async (_name, pauseMs) => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    const backup = world.taskNow()
    for (let runs = 0; runs < 12; runs++) {
      world.clock.advance(pauseMs)
      world.eventsApi.events.push(...later(5 + 2 * runs, 2))
      await world.run()
    }
    restore(world, backup)
    world.clock.advance(pauseMs)
    world.eventsApi.events.push(...later(29, 3))
    await world.run()
    expect(toUuids(ledgerLines(world))).toEqual(names(32))
    expect(world.taskNow()).toMatchObject({ state: 'Collecting', events: 32 })
    await world.run()
    expect(restoreWarnings(world).map(({ status }) => status)).toEqual(['UnHealthy', 'Healthy'])
  })

  it.each([1, 10_000, 25_000])(
    'delivers nothing twice if midnight comes while it catches up (%i ms a page)',
    async ms => {
      const world = collectWorld({ events: eventsFrom(0, 4), pageSize: 2 })
      await world.run()
      const backup = world.taskNow()
      world.clock.advance(Date.parse('2026-03-01T23:50:00Z') - world.clock.now())
      world.eventsApi.events.push(...later(4, 16))
      await world.run()
      restore(world, backup)
      world.clock.advance(Date.parse('2026-03-01T23:59:40Z') - world.clock.now())
      world.eventsApi.answering = () => void world.clock.advance(ms)
      for (let runs = 0; runs < 3; runs++) await world.run()
      expect(toUuids(ledgerLines(world))).toEqual(names(20))
      expect(world.taskNow()).toMatchObject({ state: 'Collecting', events: 20 })
    },
  )

  it('and whose cursor is refused at once finds the objects before it replaces the cursor', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    const backup = world.taskNow()
    for (let runs = 0; runs < 3; runs++) {
      world.clock.advance(9 * HOUR_MS)
      world.eventsApi.events.push(...later(5 + 2 * runs, 2))
      await world.run()
    }
    restore(world, backup)
    answerOnce(world, 'a refusal')
    await world.run()
    await world.run()
    expect(toUuids(ledgerLines(world))).toEqual(names(11))
  })

  it('goes on in the next run if its time is used up, and begins at the end that was found', async () => {
    const { world, ports } = await restoredBehindSlowLake(5_000)
    const outcomes: string[] = []
    for (let runs = 0; runs < 10 && outcomes.at(-1) !== 'drained'; runs++) {
      outcomes.push((await world.run(ports)).outcome)
    }
    expect(outcomes).toContain('continued')
    expect(toUuids(ledgerLines(world))).toEqual(names(35))
  })

  it('never makes a run last longer than it may, however many objects it finds', async () => {
    const { world, ports } = await restoredBehindSlowLake(20_000)
    for (let runs = 0; runs < 15; runs++) {
      const startMs = world.clock.now()
      await world.run(ports)
      expect(world.clock.now() - startMs).toBeLessThan(COLLECT_TIMEOUT_SECONDS * 1000)
    }
    expect(toUuids(ledgerLines(world))).toEqual(names(35))
  })

  it('is found by a task that was created anew', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    const created = world.taskNow()
    await world.run()
    world.clock.advance(DAY_MS)
    restore(world, { ...created, createdAt: new Date(world.clock.now()).toISOString() })
    await world.run()
    expect(toUuids(ledgerLines(world))).toEqual(names(5))
  })

  it('is not searched for by a run on the day of the last success', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    const { effects } = await world.runUntilKilled()
    expect(effects).not.toContain('lake.record')
  })
})
