import { describe, expect, it } from 'vitest'
import { partitionFolder } from '../../../shared/contract/lake-layout.ts'
import { nextPlace, objectKey, placeOfSchema2 } from '../../../shared/domain/stream/object-key.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import {
  type CollectWorld,
  collectWorld,
  DUE,
  eventsFrom,
  ledgerLines,
  toUuids,
} from '../../support/collect-world.ts'
import { answerOnce, later, names, restore } from '../../support/ledger-world.ts'

const PLACES = { 2: placeOfSchema2, 3: nextPlace } as const

/** Makes an object and its task as a deployment of an earlier schema left them. */
function leaveAsEarlier(world: CollectWorld, schema: 2 | 3): string {
  const { objects } = world.ports.lake
  const task = world.taskNow()
  const { partition = '' } = task
  const now = objectKey(task, partition)
  const then = `${partitionFolder(task.api, partition)}${task.sourceId}-${PLACES[schema](task)}.ndjson`
  const object = objects.get(now)
  objects.delete(now)
  if (object) objects.set(then, object)
  restore(world, { ...task, schema, leaseExpiresMs: 0 })
  return then
}

/** A task whose next run gets an empty page, and then one that it puts into the lake. */
async function beforeThePut(): Promise<CollectWorld> {
  const world = collectWorld({ events: eventsFrom(0, 5) })
  await world.run()
  world.eventsApi.events.push(...later(5, 4))
  answerOnce(world, 'an empty page')
  return world
}

describe('a task that an earlier deployment has left', () => {
  it.each([
    [2, 'after'],
    [2, 'before'],
    [3, 'after'],
    [3, 'before'],
  ] as const)(
    'in schema %i in mid-page, %s its put after an empty page, goes on with every event once',
    async (schema, phase) => {
      const { effects } = await (await beforeThePut()).runUntilKilled()
      const world = await beforeThePut()
      await world.runUntilKilled({ at: effects.indexOf('lake.create'), phase })
      const key = leaveAsEarlier(world, schema)
      expect(world.ports.lake.objects.has(key)).toBe(phase === 'after')
      expect((await world.run()).outcome).toBe('busy')
      expect(await world.ports.tasks.upgrade(DUE, world.clock.now())).toMatchObject({ schema: 4 })
      world.eventsApi.events.push(...later(9, 2))
      await world.run()
      expect(toUuids(ledgerLines(world))).toEqual(names(11))
      expect(world.ports.lake.objects.has(key)).toBe(true)
    },
  )

  it('keeps a run of that deployment from saving, by a higher fence', async () => {
    const world = collectWorld({ events: [] })
    restore(world, { ...world.taskNow(), schema: 2, fence: 7 })
    expect(await world.ports.tasks.upgrade(DUE, world.clock.now())).toMatchObject({ fence: 8 })
  })
})

const plain = (key: string): string => key.replace(/\.gz$/, '')

/** A task as the deployment before compression stores it. */
const asBefore = ({ lastObjectKey = '', ...task }: Task): Task => ({
  ...task,
  schema: 3,
  lastObjectKey: plain(lastObjectKey),
})

/** Gives the objects and the task the form that the deployment before compression gave them. */
function makePlain(world: CollectWorld): void {
  const { objects } = world.ports.lake
  for (const [key, { record, lines }] of [...objects]) {
    const previous = record.previousKey === undefined ? {} : { previousKey: plain(record.previousKey) }
    objects.delete(key)
    objects.set(plain(key), { lines, record: { ...record, ...previous } })
  }
  restore(world, asBefore(world.taskNow()))
}

const endings = (world: CollectWorld): string[] =>
  [...world.ports.lake.objects.keys()].map(key => key.slice(key.indexOf('.')))

const upgrade = (world: CollectWorld) => world.ports.tasks.upgrade(DUE, world.clock.now())

describe('an upgrade from a deployment that did not compress', () => {
  it('leaves its objects as they are, and puts one more of that kind before it compresses', async () => {
    const world = collectWorld({ events: eventsFrom(0, 4), pageSize: 2 })
    await world.run()
    makePlain(world)
    await upgrade(world)
    world.eventsApi.events.push(...later(4, 6))
    await world.run()
    expect(endings(world)).toEqual(['.ndjson', '.ndjson', '.ndjson', '.ndjson.gz', '.ndjson.gz'])
    expect(toUuids(ledgerLines(world))).toEqual(names(10))
  })

  it('meets a put of that deployment that lands later', async () => {
    const world = collectWorld({ events: eventsFrom(0, 4) })
    await world.run()
    makePlain(world)
    world.eventsApi.events.push(...later(4, 2))
    const task = await upgrade(world)
    const stray = objectKey(task as Task, '2026-03-01')
    await world.run()
    const record = world.ports.lake.objects.get(stray)?.record
    if (!record) throw new Error('nothing lies where the earlier deployment would have put it')
    expect(await world.ports.lake.create(stray, Buffer.from('{}\n'), record)).toBe('exists')
    expect(toUuids(ledgerLines(world))).toEqual(names(6))
  })

  it.each([0, 1, 2, 3])(
    'and then a backup of before it: finds the objects of both deployments, also if %i runs die meanwhile',
    async deaths => {
      const world = collectWorld({ events: eventsFrom(0, 4), pageSize: 2 })
      await world.run()
      const backup = asBefore(world.taskNow())
      world.eventsApi.events.push(...later(4, 6))
      await world.run()
      makePlain(world)
      await upgrade(world)
      world.eventsApi.events.push(...later(10, 6))
      await world.run()
      restore(world, backup)
      await upgrade(world)
      const failing = { ...world.ports.lake, record: () => Promise.reject(new Error('socket hang up')) }
      for (let runs = 0; runs < deaths; runs++) await world.run({ ...world.ports, lake: failing })
      world.eventsApi.events.push(...later(16, 2))
      await world.run()
      expect(toUuids(ledgerLines(world))).toEqual(names(18))
      expect(endings(world).filter(ending => ending === '.ndjson')).toHaveLength(6)
    },
  )
})
