import { describe, expect, it } from 'vitest'
import { collectWorld, eventsFrom, ledgerLines, noteRefusal, toUuids } from '../../support/collect-world.ts'
import { badRequest, type FakeEvent } from '../../support/fakes/events-api.ts'

const at = (time: string): number => Date.parse(`2026-02-28T${time}Z`)

/** Ten events until 00:09, then three that were late, one that was not, and one of the very time of the newest. */
const FIRST = eventsFrom(0, 10)
const LATE = eventsFrom(10, 3, at('00:02:30'))
const REST = [...eventsFrom(13, 1, at('01:00:00')), ...eventsFrom(14, 1, at('00:09:00'))]

const lateWorld = (...later: readonly FakeEvent[]) => collectWorld({ events: [...FIRST, ...later] })

const lateInLake = ({ ports }: ReturnType<typeof collectWorld>): number[] =>
  [...ports.lake.objects.values()].map(({ record }) => record.lateCount)

describe('late events', () => {
  it('are events that are older than the newest event delivered before their page', async () => {
    const world = lateWorld(...LATE, ...REST)
    expect(await world.run()).toMatchObject({ events: 15, lateEvents: 3 })
    expect(lateInLake(world)).toEqual([0, 3])
    expect(world.taskNow().lateEvents).toBe(3)
  })

  it('are not those of a page whose own events are out of order', async () => {
    const world = collectWorld({ events: [...eventsFrom(0, 4), ...eventsFrom(4, 4)] })
    expect(await world.run()).toMatchObject({ events: 8, lateEvents: 0 })
  })

  it('are found by comparing all decimals; an event without a time is not late', async () => {
    const odd = (uuid: string, timestamp: string): FakeEvent => ({
      timestamp: '2026-02-28T00:00:00Z',
      json: JSON.stringify({ uuid, timestamp }),
    })
    const newest = odd('E0', '2026-02-28T01:00:00.000000002Z')
    const later = ['2026-02-28T01:00:00.000000001Z', '2026-02-28T03:00:00.000000001+02:00', 'never']
    const events = [newest, ...later.map((time, i) => odd(`L${i}`, time))]
    const world = collectWorld({ events, pageSize: 1 })
    expect(await world.run()).toMatchObject({ events: 4, lateEvents: 2 })
  })

  it('add up over runs; a task that was stored before they were counted begins with 0', async () => {
    const world = lateWorld()
    await world.run()
    world.ports.tasks.items.forEach((task, key) => {
      const { lateEvents: _, ...older } = task
      world.ports.tasks.items.set(key, older)
    })
    world.eventsApi.events.push(...LATE)
    expect(await world.run()).toMatchObject({ lateEvents: 3 })
    world.eventsApi.events.push(...eventsFrom(20, 2, at('00:03:00')))
    expect(await world.run()).toMatchObject({ lateEvents: 2 })
    expect(world.taskNow().lateEvents).toBe(5)
  })

  it('are counted once, wherever a run dies', { tags: ['long'] }, async () => {
    const { effects } = await lateWorld(...LATE, ...REST).runUntilKilled()
    for (const dies of effects.keys()) {
      for (const phase of ['before', 'after'] as const) {
        const world = lateWorld(...LATE, ...REST)
        await world.runUntilKilled({ at: dies, phase })
        world.expireLease()
        await world.run()
        expect(toUuids(ledgerLines(world))).toHaveLength(15)
        expect(world.taskNow().lateEvents, `killed ${phase} ${effects[dies]} (${dies})`).toBe(3)
      }
    }
  })

  it('are counted by the same rule after a reset: events that were delivered before do not count again', async () => {
    const world = lateWorld(...REST)
    await world.run()
    expect(world.taskNow().lateEvents).toBe(0)
    world.eventsApi.events.push(...eventsFrom(30, 2, at('00:55:00')))
    noteRefusal(world)
    let refusals = 1
    world.eventsApi.answering = ({ body }) =>
      body?.includes('"cursor"') && refusals-- > 0 ? badRequest : undefined
    expect(await world.run()).toMatchObject({ events: 2, lateEvents: 2 })
    expect(world.taskNow()).toMatchObject({ chain: 2, lateEvents: 2, events: 14 })
  })
})
