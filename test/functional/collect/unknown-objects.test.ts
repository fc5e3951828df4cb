import { describe, expect, it } from 'vitest'
import {
  type CollectWorld,
  collectWorld,
  eventsFrom,
  ledgerLines,
  toUuids,
} from '../../support/collect-world.ts'
import { later, names, restore } from '../../support/ledger-world.ts'

const DAY_MS = 86_400_000

const restoreWarnings = ({ bus }: CollectWorld) =>
  bus.health
    .filter(({ details }) => details.trackerId === 'TableRestoredWarning/sign-in')
    .map(({ status }) => status)

async function beginWorld(): Promise<CollectWorld> {
  const world = collectWorld({ events: eventsFrom(0, 5) })
  await world.run()
  world.eventsApi.events.push(...later(5, 2))
  return world
}

/** A run has died after it has put an object with two more events. */
async function diedWorld(): Promise<CollectWorld> {
  const { effects } = await (await beginWorld()).runUntilKilled()
  const world = await beginWorld()
  await world.runUntilKilled({ at: effects.indexOf('lake.create'), phase: 'after' })
  world.expireLease()
  return world
}

/** Collects two more events, so long later. */
async function collectMore(world: CollectWorld, afterMs: number): Promise<void> {
  world.clock.advance(afterMs)
  world.eventsApi.events.push(...later(world.eventsApi.events.length, 2))
  expect(await world.run()).toMatchObject({ outcome: 'drained' })
}

/** Restores the table to this state, and makes a run so long later. Returns the warnings of that. */
async function runRestored(
  world: CollectWorld,
  backup: ReturnType<CollectWorld['taskNow']>,
  afterMs: number,
) {
  world.bus.health.length = 0
  restore(world, backup)
  world.clock.advance(afterMs)
  expect(await world.run()).toMatchObject({ outcome: 'drained' })
  expect(toUuids(ledgerLines(world))).toEqual(names(world.eventsApi.events.length))
  return restoreWarnings(world)
}

describe('an object that the task does not know', () => {
  it('is adopted without a warning if the run before has left it, and no other one is looked for', async () => {
    const world = await diedWorld()
    const { lake } = world.ports
    const { record } = lake
    const searched: string[] = []
    lake.record = key => {
      searched.push(key)
      return record(key)
    }
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 2 })
    expect(searched.at(-1)).toBe([...lake.objects.keys()].at(-1))
    expect(restoreWarnings(world)).toEqual([])
  })

  it('shows that the table was restored if it lies in the task’s own folder and no run can have left it', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    const backup = world.taskNow()
    await collectMore(world, 1)
    expect(await runRestored(world, backup, DAY_MS)).toEqual(['UnHealthy', 'Healthy'])
  })

  it('shows that the table was restored if it follows the one that a run has left', async () => {
    const world = await diedWorld()
    const backup = world.taskNow()
    await collectMore(world, DAY_MS)
    expect(await runRestored(world, backup, 1)).toEqual(['UnHealthy', 'Healthy'])
  })

  it('is found behind the one that a run has left, in the folder of a later day', async () => {
    const world = await diedWorld()
    const backup = world.taskNow()
    await collectMore(world, DAY_MS)
    await collectMore(world, DAY_MS)
    expect(await runRestored(world, backup, DAY_MS)).toEqual(['UnHealthy', 'Healthy'])
  })

  it('is found after weeks without one, and ten folders are searched at a time', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    const backup = world.taskNow()
    await collectMore(world, 15 * DAY_MS)
    const { lake } = world.ports
    const { record } = lake
    let atOnce = 0
    let most = 0
    lake.record = async key => {
      most = Math.max(most, ++atOnce)
      await world.clock.giveWay()
      atOnce--
      return record(key)
    }
    expect(await runRestored(world, backup, 10 * DAY_MS)).toEqual(['UnHealthy', 'Healthy'])
    expect(most).toBe(10)
  })
})
