import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { STORED_NAMES } from '../../shared/adapters/task-attributes.ts'
import { tasksTable } from '../../shared/adapters/tasks-table.ts'
import { TASKS_KEY } from '../../shared/contract/table-keys.ts'
import { nextPlace, placeOfSchema2, toPlainPlace } from '../../shared/domain/stream/object-key.ts'
import {
  claimEpisode,
  markHealthPublished,
  releaseLease,
  renewTask,
  saveTask,
  stopTask,
  takeOverTask,
} from '../../shared/domain/task/life.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { upgradeTask } from '../../shared/domain/task/upgrade.ts'
import type { TaskStore } from '../../shared/ports.ts'
import { collectingTask, newTask } from '../deployed/first-deployment.ts'
import { applied, isApplied, leased } from '../support/applying.ts'
import { forwardingProxy } from '../support/forwarding-proxy.ts'
import { failedTask, leasedTask, longNamedTask } from '../support/long-named-tasks.ts'
import { sampleTask } from '../support/sample-task.ts'
import { createClient, startTable, type TableDatabase } from '../support/table-database.ts'

const START = '2026-11-21T15:00:01Z'
const STREAM = { api: 'auditEvents', startTime: START, baseUrl: 'https://a.example', accountUuid: 'A' }
const NOW_MS = Date.parse('2026-11-22T16:00:00Z')
const KEY = { sourceId: 100000002, api: 'auditEvents' } as const
const LONG = longNamedTask(STREAM, 'c1')
const LEASE = { owner: 'run', nowMs: NOW_MS, expiresMs: NOW_MS + 1000, partition: '2026-11-22' }

let database: TableDatabase
let store: TaskStore
beforeAll(async () => {
  database = await startTable('tasks', { ...TASKS_KEY, partitionType: 'N' })
})
beforeEach(() => {
  store = tasksTable(database.client, database.table)
})
afterAll(() => database.close())

const put = (item: object) =>
  database.client.send(new PutItemCommand({ TableName: database.table, Item: marshall(item) }))

async function stored(): Promise<Record<string, unknown>> {
  const get = new GetItemCommand({ TableName: database.table, Key: marshall(KEY), ConsistentRead: true })
  return unmarshall((await database.client.send(get)).Item ?? {})
}

/** A write in the long names, as an earlier deployment that is still at work makes it. */
const olderWrite = (UpdateExpression: string, names: object, values: object) =>
  database.client.send(
    new UpdateItemCommand({
      TableName: database.table,
      Key: marshall(KEY),
      UpdateExpression,
      ExpressionAttributeNames: Object.fromEntries(Object.entries(names)),
      ExpressionAttributeValues: marshall(values),
    }),
  )

const OLDER_WRITES = {
  lease: () =>
    olderWrite(
      'SET #leaseOwner = :o, #expires = :e, #fence = #fence + :one',
      { '#leaseOwner': 'leaseOwner', '#expires': 'leaseExpiresMs', '#fence': 'fence' },
      { ':o': 'run', ':e': NOW_MS + 1000, ':one': 1 },
    ),
  stop: () =>
    olderWrite(
      'SET #state = :s, #since = :now',
      { '#state': 'state', '#since': 'stateSince' },
      { ':s': 'Stopping', ':now': '2026-11-22T16:00:00.000Z' },
    ),
}

/** A store whose `n`th request has been answered, and not yet passed back, when something happens. */
async function disturbedAfter(request: number, happens: () => Promise<unknown>) {
  const proxy = await forwardingProxy(database.endpoint, async (id, _path, phase) => {
    if (id === request && phase === 'after') await happens()
  })
  const client = createClient(proxy.url)
  return {
    store: tasksTable(client, database.table),
    async close() {
      client.destroy()
      await proxy.close()
    },
  }
}

describe('a task under the long names', () => {
  it.each([
    ['of the first deployments, new', newTask('auditEvents', START)],
    ['of the first deployments, collecting', collectingTask('auditEvents', START, 'c1')],
    ['of the last that wrote them, collecting', LONG],
    ['of the last that wrote them, failed', failedTask(LONG)],
    ['that bears what nobody knows', { ...LONG, later: 'x', toString: { y: 1 } }],
  ])('%s, is the same task after the upgrade and can be collected', async (_, item) => {
    await put(item)
    expect(await leased(store, KEY, LEASE)).toBeUndefined()
    const place = toPlainPlace(nextPlace(item as unknown as Task))
    const task = { ...item, schema: 4, fence: item.fence + 1, place } as unknown as Task
    expect(await store.upgrade(KEY, NOW_MS)).toEqual(task)
    expect(await store.read(KEY)).toEqual(task)
    const names: string[] = [...Object.values(STORED_NAMES), 'later', 'toString']
    expect(Object.keys(await stored()).filter(name => !names.includes(name))).toEqual([])
    expect((await leased(store, KEY, LEASE))?.task).toMatchObject({ ...task, fence: task.fence + 1 })
  })

  it('is not upgraded while it is leased, and afterwards an uncommitted object is still looked for', async () => {
    const item = leasedTask(LONG, NOW_MS + 1)
    await put(item)
    expect(await store.upgrade(KEY, NOW_MS)).toBeUndefined()
    expect(await stored()).toEqual(item)
    expect(await store.upgrade(KEY, NOW_MS + 1)).toEqual(upgradeTask(item as Task))
    expect(await leased(store, KEY, { ...LEASE, nowMs: NOW_MS + 1, partition: 'x' })).toMatchObject({
      recovering: true,
      task: { partition: '2026-11-22', cursor: 'c1' },
    })
  })

  it.each(Object.entries(OLDER_WRITES))('keeps a %s that happens during the upgrade', async (_, write) => {
    await put(LONG)
    const disturbed = await disturbedAfter(1, write)
    try {
      expect(await disturbed.store.upgrade(KEY, NOW_MS)).toBeUndefined()
    } finally {
      await disturbed.close()
    }
    expect(await stored()).not.toEqual(LONG)
    expect(await stored()).toMatchObject({ schema: 1, cursor: 'c1' })
  })

  it('is not created again if it is removed during the upgrade', async () => {
    await put(LONG)
    const disturbed = await disturbedAfter(1, () => store.remove(KEY))
    try {
      expect(await disturbed.store.upgrade(KEY, NOW_MS)).toBeUndefined()
    } finally {
      await disturbed.close()
    }
    expect(await store.read(KEY)).toBeUndefined()
  })

  it('is shown, and no transition changes it before it is upgraded', async () => {
    await put(LONG)
    await store.apply(KEY, renewTask(7, '2026-11-22T16:00:00.000Z'))
    await store.apply(KEY, stopTask('2026-11-22T16:00:00.000Z'))
    await store.apply(KEY, markHealthPublished(1))
    await store.create(sampleTask(KEY))
    expect(await applied(store, KEY, saveTask(LONG.fence, { cursor: 'c2' }))).toBeUndefined()
    expect(
      await applied(store, LONG as unknown as Task, takeOverTask(LONG as unknown as Task, { cursor: 'c2' })),
    ).toBeUndefined()
    expect(await isApplied(store, KEY, releaseLease(LONG.fence))).toBe(false)
    expect(await applied(store, KEY, claimEpisode({ episode: 'e', execution: 'x' }))).toBeUndefined()
    expect(await stored()).toEqual(LONG)
    expect(await store.tasksOfSource(KEY.sourceId)).toEqual([LONG])
  })

  it('is upgraded if it has the short names already, as it had before the schema changed', async () => {
    await store.remove(KEY)
    const task = sampleTask({ ...KEY, fence: 3, cursor: 'c1', lastSuccessAt: '2026-11-22T15:00:12.978Z' })
    await store.create({ ...task, schema: 1 })
    const upgraded = { ...task, fence: 4, place: toPlainPlace(nextPlace(task)) }
    expect(await store.upgrade(KEY, NOW_MS)).toEqual(upgraded)
    expect(await store.read(KEY)).toEqual(upgraded)
  })
})

describe('a task of a schema that put plain objects', () => {
  it.each([
    [2, placeOfSchema2],
    [3, nextPlace],
  ] as const)(
    '%i is leased only after its upgrade, which gives the next object the key that it had',
    async (schema, placeOf) => {
      await store.remove(KEY)
      const task = sampleTask({
        ...KEY,
        schema,
        cursor: 'c1',
        link: 'ab'.repeat(32),
        partition: '2026-11-21',
      })
      await store.create(task)
      expect(await leased(store, KEY, LEASE)).toBeUndefined()
      const upgraded = { ...task, schema: 4, fence: 1, place: `${placeOf(task)}.ndjson` }
      expect(await store.upgrade(KEY, NOW_MS)).toEqual(upgraded)
      expect(await store.read(KEY)).toEqual(upgraded)
      expect(await leased(store, KEY, LEASE)).toMatchObject({ recovering: true, task: { fence: 2 } })
    },
  )
})
