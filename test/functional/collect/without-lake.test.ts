import { describe, expect, it } from 'vitest'
import { eventsFrom, ledgerLines, toUuids } from '../../support/collect-world.ts'
import {
  failing,
  received,
  setDestination,
  sumoWorld,
  UNAVAILABLE,
  uuids,
} from '../../support/destination-world.ts'
import { FAKE_CODE } from '../../support/fakes/destinations.ts'

describe('without a lake', () => {
  it('events go to the destination, and nothing is written to the lake', async () => {
    const world = sumoWorld({}, { lake: false })
    expect(await world.run()).toMatchObject({ outcome: 'drained', pages: 3, events: 25, handedOver: 25 })
    expect(received(world)).toEqual(uuids(25))
    expect([world.ports.lake.objects.size, world.ports.lake.aside.size]).toEqual([0, 0])
    expect(world.ports.destinations.batches.every(({ objectKey }) => objectKey === undefined)).toBe(true)
    expect(world.taskNow()).toMatchObject({ events: 25, pages: 3, state: 'Collecting' })
    expect(world.taskNow().lastObjectKey).toBeUndefined()
  })

  it('the next run goes on behind them', async () => {
    const world = sumoWorld({}, { lake: false })
    await world.run()
    world.eventsApi.events.push(...eventsFrom(25, 2, world.clock.now()))
    await world.run()
    expect(received(world)).toEqual(uuids(27))
  })

  it('what is no event is kept in the bucket all the same, each page under a name of its own', async () => {
    const world = sumoWorld({ events: [], pageSize: 1 }, { lake: false })
    const events = eventsFrom(0, 4)
    world.eventsApi.events.push(...events.map((event, i) => (i % 2 ? { ...event, json: 'null' } : event)))
    await world.run()
    expect(received(world)).toEqual(['E0', 'E2'])
    expect([...world.ports.lake.unreadable.values()]).toEqual(['null\n', 'null\n'])
    expect(world.ports.lake.objects.size).toBe(0)
    expect(JSON.stringify(world.bus.health)).toContain('unreadable/')
  })

  it('that comes later, the ledger goes on where it ended', async () => {
    const world = sumoWorld({ events: eventsFrom(0, 5) })
    for (const [index, lake] of [true, false, true, false, true].entries()) {
      setDestination(world, lake)
      world.eventsApi.events.push(...eventsFrom(5 + index * 5, 5, world.clock.now()))
      await world.run()
      world.clock.advance(300_000)
    }
    expect(received(world)).toEqual(uuids(30))
    const inLake = toUuids([...world.ports.lake.objects.values()].flatMap(({ lines }) => [...lines]))
    expect(inLake).toEqual(uuids(30).filter((_, i) => i < 10 || (i >= 15 && i < 20) || i >= 25))
  })

  it('the task has no object to adopt, and an object from before is handed over', async () => {
    const world = sumoWorld({ events: eventsFrom(0, 3) })
    world.ports.destinations.onBatch = failing(UNAVAILABLE)
    await world.run()
    expect(world.ports.lake.objects.size).toBe(1)
    setDestination(world, false)
    world.ports.destinations.onBatch = async () => {}
    await world.run()
    expect(received(world)).toEqual(uuids(3))
    expect(toUuids(ledgerLines(world))).toEqual(uuids(3))
  })
})

describe('the code in the URL', () => {
  it('is in no log, task, health event and report, also if the destination answers with it', async () => {
    const world = sumoWorld()
    const said = `no such source: /receiver/v1/http/${FAKE_CODE} ${encodeURIComponent(FAKE_CODE)}`
    world.ports.destinations.onBatch = failing({ reason: 'unavailable', status: 503, said })
    const reports = [await world.run()]
    world.ports.destinations.onBatch = failing({ reason: 'refused', status: 404, said })
    reports.push(await world.run())
    const { tasks, healthEvents, bus } = world.ports
    const shown = JSON.stringify([reports, world.logged, [...tasks.items], healthEvents, bus])
    expect(shown).toContain('no such source')
    expect(shown).not.toContain(FAKE_CODE.slice(0, 8))
  })
})
