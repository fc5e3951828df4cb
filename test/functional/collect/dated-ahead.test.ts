import { describe, expect, it } from 'vitest'
import {
  type CollectWorld,
  collectWorld,
  eventsFrom,
  ledgerLines,
  noteRefusal,
  toUuids,
} from '../../support/collect-world.ts'
import { badRequest, type FakeEvent } from '../../support/fakes/events-api.ts'

const DAY_MS = 86_400_000

const dated = (uuid: string, timestamp: string): FakeEvent => ({
  timestamp,
  json: JSON.stringify({ uuid, timestamp }),
})

const isCursor = ({ body }: { body?: string }): boolean => body?.includes('"cursor"') ?? false

/** The next run is refused its cursor, and that counts. */
function refuseCursor(world: CollectWorld): void {
  noteRefusal(world)
  let refusals = 1
  world.eventsApi.answering = call => (isCursor(call) && refusals-- > 0 ? badRequest : undefined)
}

/** Events that happen while nothing is collected. */
function pause(world: CollectWorld, days: number): void {
  const fromMs = world.clock.now()
  world.clock.advance(days * DAY_MS)
  world.eventsApi.events.push(
    ...eventsFrom(1000, days * 48, fromMs).map((event, i) => spread(event, fromMs, i)),
  )
}

const spread = ({ json }: FakeEvent, fromMs: number, i: number): FakeEvent =>
  dated(JSON.parse(json).uuid, new Date(fromMs + i * 1_800_000).toISOString())

/** A tick every five minutes, with some events each. */
async function ticks(world: CollectWorld, count: number, first = 100): Promise<void> {
  for (let i = 0; i < count; i++) {
    world.clock.advance(300_000)
    world.eventsApi.events.push(...eventsFrom(first + 3 * i, 3, world.clock.now() - 200_000))
    await world.run()
  }
}

function expectAllOnce(world: CollectWorld): void {
  const all = world.eventsApi.events.map(({ json }) => JSON.parse(json).uuid).sort()
  expect(toUuids(ledgerLines(world)).sort()).toEqual(all)
}

const inHours = (world: CollectWorld, hours: number): string =>
  new Date(world.clock.now() + hours * 3_600_000).toISOString()

describe('an event that is dated ahead', () => {
  it.each([
    ['a minute', 1 / 60],
    ['a day', 24],
    ['two days', 48],
    ['years', 30_000],
  ])('by %s costs no event when a cursor is refused after a pause', async (_name, hours) => {
    const world = collectWorld({ events: eventsFrom(0, 20), pageSize: 1000 })
    world.eventsApi.events.push(dated('AHEAD', inHours(world, hours)))
    await world.run()
    pause(world, 2)
    refuseCursor(world)
    expect((await world.run()).outcome).toBe('drained')
    expectAllOnce(world)
  })

  it('costs no event if a page holds nothing else', async () => {
    const world = collectWorld({ events: eventsFrom(0, 20), pageSize: 10 })
    world.eventsApi.events.push(...Array.from({ length: 30 }, (_, i) => dated(`A${i}`, inHours(world, i))))
    await world.run()
    pause(world, 2)
    refuseCursor(world)
    await world.run()
    expectAllOnce(world)
  })

  it('costs no event of a backlog, though it lies in the past by then', async () => {
    const world = collectWorld({ events: [], pageSize: 25 })
    await world.run()
    pause(world, 4)
    const ahead = new Date(world.clock.now() - 3_600_000).toISOString()
    world.eventsApi.events.splice(30, 0, dated('AHEAD', ahead))
    let pages = 0
    world.eventsApi.answering = call => {
      if (isCursor(call) && ++pages > 2) world.clock.advance(300_000)
      return undefined
    }
    expect(await world.run()).toMatchObject({
      outcome: 'continued',
      lagSeconds: expect.toSatisfy(lag => lag > 2 * 86_400),
    })
    expect(world.taskNow().lastEventTime).toBe(ahead)
    refuseCursor(world)
    for (let runs = 0; runs < 3; runs++) await world.run()
    expectAllOnce(world)
  })

  it('by years does not make the walk along the ledger longer, and is not delivered again', async () => {
    const world = collectWorld({ events: [], pageSize: 1000 })
    world.eventsApi.events.push(dated('AHEAD', '2099-01-01T00:00:00Z'), ...eventsFrom(0, 20))
    await world.run()
    await ticks(world, 200)
    refuseCursor(world)
    let reads = 0
    const { lake } = world.ports
    const read = (key: string) => {
      reads++
      return lake.read(key)
    }
    const counting = { ...lake, read }
    await world.run({ ...world.ports, lake: counting })
    expect(world.taskNow().chain).toBe(2)
    expect(reads).toBeLessThan(6 * 12 + 5)
    expectAllOnce(world)
  })

  it('makes no later event late, and the lag not shorter', async () => {
    const world = collectWorld({ events: eventsFrom(0, 20), pageSize: 10 })
    world.eventsApi.events.push(dated('AHEAD', inHours(world, 48)))
    await world.run()
    const { lastEventTime } = world.taskNow()
    expect(lastEventTime).toBe('2026-02-28T00:19:00.000Z')
    world.clock.advance(300_000)
    world.eventsApi.events.push(...eventsFrom(100, 2, world.clock.now() - 60_000 * 2))
    expect(await world.run()).toMatchObject({ events: 2, lateEvents: 0, lagSeconds: 60 })
  })
})

describe('an event without a usable time', () => {
  it.each([
    ['none', undefined],
    ['one that cannot be read', 'yesterday'],
    ['one far back', '1970-01-01T00:00:00Z'],
  ])(
    'but with %s is not delivered again after a reset, though it was alone in its page',
    async (_name, timestamp) => {
      const world = collectWorld({ events: eventsFrom(0, 3), pageSize: 1000 })
      await world.run()
      world.clock.advance(DAY_MS)
      const odd = { timestamp: new Date(world.clock.now()).toISOString() }
      world.eventsApi.events.push({ ...odd, json: JSON.stringify({ uuid: 'ODD', timestamp }) })
      await world.run()
      world.clock.advance(300_000)
      world.eventsApi.events.push(...eventsFrom(100, 1, world.clock.now()))
      await world.run()
      refuseCursor(world)
      await world.run()
      expect(world.taskNow().chain).toBe(2)
      expectAllOnce(world)
    },
  )
})

describe('a task that an earlier deployment has stored with the time of an event from the future', () => {
  /** What that deployment kept: the largest timestamp, in the task and in the records. */
  async function stored() {
    const world = collectWorld({ events: eventsFrom(0, 20), pageSize: 1000 })
    const ahead = inHours(world, 30_000)
    world.eventsApi.events.push(dated('AHEAD', ahead))
    await world.run()
    const { items } = world.ports.tasks
    for (const [key, task] of items) {
      const { newestTime: _n, aheadKey: _a, ...older } = task
      items.set(key, { ...older, lastEventTime: ahead })
    }
    const { objects } = world.ports.lake
    for (const [key, { record, lines }] of [...objects]) {
      const { pastTimestamp: _p, middleTimestamp: _m, aheadKey: _a, ...older } = record
      objects.delete(key)
      objects.set(key, { record: { ...older, newest: ahead }, lines })
    }
    return { world, ahead }
  }

  it('loses no event when its cursor is refused', async () => {
    const { world } = await stored()
    pause(world, 2)
    refuseCursor(world)
    await world.run()
    expectAllOnce(world)
  })

  it('knows the last event from its next page on, and repeats none', async () => {
    const { world, ahead } = await stored()
    await ticks(world, 150)
    expect(world.taskNow().lastEventTime).not.toBe(ahead)
    expect(world.taskNow().lateEvents).toBe(0)
    refuseCursor(world)
    await world.run()
    expect(world.taskNow().chain).toBe(2)
    expectAllOnce(world)
  })
})
