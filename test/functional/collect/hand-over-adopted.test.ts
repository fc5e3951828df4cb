import { describe, expect, it } from 'vitest'
import { WALK_STUCK_MS } from '../../../shared/contract/timing.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { type CollectWorld, DUE, eventsFrom, toUuids } from '../../support/collect-world.ts'
import { received, sumoWorld, uuids } from '../../support/destination-world.ts'
import { refusal } from '../../support/reset-world.ts'

const MINUTE_MS = 60_000

const inLake = ({ ports }: CollectWorld): string[] =>
  toUuids([...ports.lake.objects.values()].flatMap(({ lines }) => [...lines]))

describe('a tasks table that was restored from a backup', () => {
  it('has the destination get again what it does not know, and nothing is missing there', async () => {
    const world = sumoWorld({ events: eventsFrom(0, 10) })
    await world.run()
    const backup = structuredClone(world.taskNow())
    for (let i = 1; i < 4; i++) {
      world.eventsApi.events.push(...eventsFrom(i * 10, 10, world.clock.now() - MINUTE_MS * 10))
      await world.run()
      world.clock.advance(5 * MINUTE_MS)
    }
    world.ports.tasks.items.set(`${DUE.sourceId}/${DUE.api}`, { ...backup, fence: 100 } satisfies Task)
    await world.run()
    expect(inLake(world).toSorted()).toEqual(uuids(40).toSorted())
    expect(received(world)).toEqual([...uuids(40), ...uuids(40).slice(10)])
  })
})

/** A run has died between an object with three events and its hand-over, and the object's body cannot be read. */
async function blockedWorld(read: (key: string) => Promise<never>) {
  const world = sumoWorld({ events: eventsFrom(0, 5) })
  await world.run()
  world.eventsApi.events.push(...eventsFrom(5, 3, Date.parse('2026-02-28T06:00:00Z')))
  const { create, read: readObject } = world.ports.lake
  let blocked = ''
  world.ports.lake.create = async (key, ...page) => {
    await create(key, ...page)
    blocked = key
    throw new Error('socket hang up')
  }
  await world.run()
  world.ports.lake.create = create
  world.ports.lake.read = key => (key === blocked ? read(key) : readObject(key))
  return world
}

describe('an object whose body nobody may read', () => {
  it.each([
    ['Forbidden', 403],
    ['InvalidObjectState', 403],
  ])(
    '(%s) fails each run for an hour; then its events are read again, and the destination gets all of them',
    async (name, status) => {
      const world = await blockedWorld(() => Promise.reject(refusal(name, status)))
      for (let run = 0; run < 3; run++) {
        world.clock.advance(MINUTE_MS)
        expect(await world.run()).toMatchObject({ outcome: 'failed', error: { type: 'FirstPartyGeneric' } })
      }
      expect(received(world)).toEqual(uuids(5))
      world.clock.advance(WALK_STUCK_MS)
      for (let run = 0; run < 4; run++) {
        await world.run()
        world.clock.advance(5 * MINUTE_MS)
      }
      expect([...new Set(received(world))].toSorted()).toEqual(uuids(8))
      expect(world.taskNow()).toMatchObject({ state: 'Collecting', chain: 2 })
      world.eventsApi.events.push(...eventsFrom(8, 2, world.clock.now()))
      await world.run()
      expect([...new Set(received(world))].toSorted()).toEqual(uuids(10).toSorted())
    },
  )

  it('that somebody has replaced is not passed by in silence either', async () => {
    const world = await blockedWorld(async () => ({ lines: [], record: {} }) as never)
    world.clock.advance(MINUTE_MS)
    const { error } = await world.run()
    expect(error?.info).toMatch(/does not hold the events that its metadata name/)
    world.clock.advance(WALK_STUCK_MS)
    for (let run = 0; run < 4; run++) {
      await world.run()
      world.clock.advance(5 * MINUTE_MS)
    }
    expect([...new Set(received(world))].toSorted()).toEqual(uuids(8))
  })
})
