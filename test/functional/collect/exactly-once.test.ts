import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collect } from '../../../functions/collect/collect.ts'
import { collectWorld, DUE, eventsFrom, ledgerLines, toUuids } from '../../support/collect-world.ts'
import { examples } from '../../support/examples.ts'
import type { FakeEvent } from '../../support/fakes/events-api.ts'

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `E${i}`)

describe('a run that is killed between two effects', () => {
  it('leaves every event in the lake exactly once after the next run, wherever it dies', async () => {
    const { effects } = await collectWorld({ events: eventsFrom(0, 35) }).runUntilKilled()
    expect(effects).toContain('lake.create')
    for (const at of effects.keys()) {
      for (const phase of ['before', 'after'] as const) {
        const world = collectWorld({ events: eventsFrom(0, 35) })
        const { end } = await world.runUntilKilled({ at, phase })
        expect(end).toBe('killed')
        world.eventsApi.events.push(...eventsFrom(35, 3, Date.parse('2026-03-02T00:00:00Z')))
        world.expireLease()
        await world.run()
        expect(toUuids(ledgerLines(world)), `killed ${phase} ${effects[at]} (${at})`).toEqual(names(38))
        expect(world.taskNow()).toMatchObject({ state: 'Collecting', events: 38 })
        expect(world.taskNow().leaseOwner).toBeUndefined()
      }
    }
  })

  it('leaves every event exactly once through any number of deaths, new events and midnights', async () => {
    const death = fc.record({
      at: fc.nat(25),
      phase: fc.constantFrom('before' as const, 'after' as const),
      fresh: fc.nat(12),
      pauseMs: fc.integer({ min: 0, max: 30 * 3600_000 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(death, { maxLength: 8 }),
        fc.nat(40),
        fc.integer({ min: 1, max: 9 }),
        async (deaths, first, pageSize) => {
          const world = collectWorld({ events: eventsFrom(0, first), pageSize })
          let total = first
          for (const { at, phase, fresh, pauseMs } of deaths) {
            await world.runUntilKilled({ at, phase })
            world.expireLease()
            world.clock.advance(pauseMs)
            world.eventsApi.events.push(
              ...eventsFrom(total, fresh, Date.parse('2026-03-02T00:00:00Z') + total * 60_000),
            )
            total += fresh
          }
          await world.run()
          expect(toUuids(ledgerLines(world))).toEqual(names(total))
        },
      ),
      { numRuns: examples(300) },
    )
  })
})

describe('two runs of one task', () => {
  it('that start together: one works, the other cannot lease the task', async () => {
    const world = collectWorld({ events: eventsFrom(0, 25) })
    const outcomes = (await Promise.all([world.run(), world.run()])).map(({ outcome }) => outcome)
    expect(outcomes.sort()).toEqual(['busy', 'drained'])
    expect(toUuids(ledgerLines(world))).toEqual(names(25))
  })

  it('of which the first outlives its lease: the first commits nothing more, and nothing is doubled', async () => {
    const world = collectWorld({ events: eventsFrom(0, 25) })
    const stalled = Promise.withResolvers<void>()
    const create = world.ports.lake.create
    const slow = {
      ...world.ports,
      lake: {
        ...world.ports.lake,
        create: async (...args: Parameters<typeof create>) => {
          await stalled.promise
          return create(...args)
        },
      },
    }
    const first = world.run(slow)
    await new Promise(resolve => setImmediate(resolve))
    world.expireLease()
    expect((await world.run()).outcome).toBe('drained')
    stalled.resolve()
    expect((await first).outcome).toBe('superseded')
    expect(toUuids(ledgerLines(world))).toEqual(names(25))
    expect(world.taskNow().events).toBe(25)
  })
})

/** The place of an effect among those of a first run over these events. */
async function findPlace(effect: string, events: FakeEvent[]): Promise<number> {
  const { effects } = await collectWorld({ events }).runUntilKilled()
  return effects.indexOf(effect)
}

describe('the lake', () => {
  it('keeps the object of an earlier run and adopts its next cursor when the page has grown since', async () => {
    const world = collectWorld({ events: eventsFrom(0, 4) })
    await world.runUntilKilled({ at: await findPlace('lake.create', eventsFrom(0, 4)), phase: 'after' })
    expect(world.ports.lake.objects.size).toBe(1)
    world.eventsApi.events.push(...eventsFrom(4, 3, Date.parse('2026-02-28T00:04:00Z')))
    world.expireLease()
    await world.run()
    expect([...world.ports.lake.objects.values()].map(({ lines }) => lines.length)).toEqual([4, 3])
    expect(toUuids(ledgerLines(world))).toEqual(names(7))
  })

  it('adopts an object that appears after the run has looked for it and before it puts its own, and drops the page that was fetched ahead', async () => {
    const world = collectWorld({ events: eventsFrom(0, 4) })
    await world.runUntilKilled({ at: await findPlace('lake.create', eventsFrom(0, 4)), phase: 'after' })
    world.eventsApi.events.push(...eventsFrom(4, 20, Date.parse('2026-02-28T00:04:00Z')))
    world.expireLease()
    const { record } = world.ports.lake
    let looks = 0
    const late: typeof record = async key => (looks++ === 0 ? undefined : record(key))
    await world.run({ ...world.ports, lake: { ...world.ports.lake, record: late } })
    expect([...world.ports.lake.objects.values()].map(({ lines }) => lines.length)).toEqual([4, 10, 10])
    expect(toUuids(ledgerLines(world))).toEqual(names(24))
  })

  it('counts the events of an object that it adopts in its report, and warns of nothing', async () => {
    const world = collectWorld({ events: eventsFrom(0, 4) })
    await world.runUntilKilled({ at: await findPlace('lake.create', eventsFrom(0, 4)), phase: 'after' })
    world.eventsApi.events.push(...eventsFrom(4, 3, Date.parse('2026-02-28T00:04:00Z')))
    world.expireLease()
    expect(await world.run()).toMatchObject({ outcome: 'drained', pages: 2, events: 7 })
    expect(world.bus.health).toEqual([])
  })

  it('takes an object that its own put has left for its own: nothing is read again, and there is no warning', async () => {
    const world = collectWorld({ events: eventsFrom(0, 25) })
    const { create } = world.ports.lake
    const repeated: typeof create = async (...page) => {
      await create(...page)
      return 'exists'
    }
    const ports = { ...world.ports, lake: { ...world.ports.lake, create: repeated } }
    expect(await world.run(ports)).toMatchObject({ outcome: 'drained', pages: 3, events: 25 })
    expect(world.eventsApi.calls.filter(({ method }) => method === 'POST')).toHaveLength(3)
    expect(world.bus.health).toEqual([])
    expect(toUuids(ledgerLines(world))).toEqual(names(25))
  })

  it('gets a page once even if the response to its put was lost', async () => {
    const world = collectWorld({ events: eventsFrom(0, 12) })
    world.clock.advance(11.75 * 3600_000)
    const { create } = world.ports.lake
    world.ports.lake.create = async (...args) => {
      await create(...args)
      throw new Error('socket hang up')
    }
    expect(await world.run()).toMatchObject({ outcome: 'failed', error: { type: 'FirstPartyGeneric' } })
    world.ports.lake.create = create
    world.clock.advance(3600_000)
    expect(await world.run()).toMatchObject({ outcome: 'drained' })
    expect(toUuids(ledgerLines(world))).toEqual(names(12))
  })

  it('files a page under the date of its delivery, and a page whose run died before midnight under the day before', async () => {
    const world = collectWorld({ events: eventsFrom(0, 4) })
    await world.runUntilKilled({ at: await findPlace('lake.create', eventsFrom(0, 4)), phase: 'before' })
    world.clock.advance(24 * 3600_000)
    await world.run()
    world.eventsApi.events.push(...eventsFrom(4, 1, Date.parse('2026-03-02T00:00:00Z')))
    await world.run()
    expect([...world.ports.lake.objects.keys()].map(key => /date=([\d-]+)/.exec(key)?.[1])).toEqual([
      '2026-03-01',
      '2026-03-02',
    ])
  })

  it('gets no object for a page without items, and the next object links over it', async () => {
    const world = collectWorld({ events: [] })
    await world.run()
    expect(world.ports.lake.objects.size).toBe(0)
    expect(world.taskNow().cursor).toBeDefined()
    world.eventsApi.events.push(...eventsFrom(0, 3))
    await world.run()
    expect(toUuids(ledgerLines(world))).toEqual(names(3))
  })
})

describe('an idle run', () => {
  it('makes one request, no put and two writes to the table', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    const { effects, end } = await world.runUntilKilled()
    expect(end).toMatchObject({ outcome: 'drained', pages: 0, events: 0 })
    const counted = effects.filter(effect => effect !== 'tokens.token')
    expect(counted).toEqual(['tasks.lease', 'registry.registered', 'eventsApi.send', 'tasks.save'])
  })

  it('ends on an empty page with an unchanged cursor, whatever has_more says', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    const { cursor } = world.taskNow()
    world.eventsApi.calls.length = 0
    world.eventsApi.answering = () => ({
      status: 200,
      body: Buffer.from(JSON.stringify({ cursor, has_more: true, items: [] })),
    })
    expect((await world.run()).outcome).toBe('drained')
    expect(world.eventsApi.calls).toHaveLength(1)
  })
})

describe('a task that cannot be leased', () => {
  it.each([
    ['halted', { halted: true }, 'busy'],
    ['Stopping', { state: 'Stopping' as const }, 'busy'],
  ])('is left alone when %s', async (_name, task, outcome) => {
    const world = collectWorld({ events: eventsFrom(0, 5), task })
    expect((await world.run()).outcome).toBe(outcome)
    expect(world.eventsApi.calls).toHaveLength(0)
  })

  it('is left alone when its source is gone, and dispatch gets the event to complete the deletion', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    world.registered.current = undefined
    expect((await world.run()).outcome).toBe('gone')
    expect(world.taskNow().leaseOwner).toBeUndefined()
    expect(world.bus.stopping).toEqual([{ collectorId: DUE.collectorId, sourceId: DUE.sourceId }])
    expect(world.taskNow()).toMatchObject({ api: DUE.api, state: 'Pending' })
  })
})

it('two runs with one request id do not both lease the task: Lambda may make both for one event', async () => {
  const world = collectWorld({ events: eventsFrom(0, 5) })
  const { ports, settings, clock } = world
  const invocation = { runId: 'twin', deadlineMs: clock.now() + 60_000 }
  const hung = Promise.withResolvers<never>()
  world.eventsApi.answering = () => hung.promise
  void collect(ports, settings, DUE, invocation)
  await expect.poll(() => world.eventsApi.calls.length).toBe(1)
  expect(await collect(ports, settings, DUE, invocation)).toMatchObject({ outcome: 'busy' })
})
