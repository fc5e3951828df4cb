import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { STORED_NAMES } from '../../shared/adapters/task-attributes.ts'
import { tasksTable } from '../../shared/adapters/tasks-table.ts'
import { TASKS_KEY } from '../../shared/contract/table-keys.ts'
import { objectKey } from '../../shared/domain/stream/object-key.ts'
import { placeDigest } from '../../shared/domain/stream/page-request.ts'
import { renewTask, saveTask, stopTask } from '../../shared/domain/task/life.ts'
import type { Task, TaskKey } from '../../shared/domain/task/task.ts'
import { applied, leased } from '../support/applying.ts'
import { itemBytes } from '../support/item-size.ts'
import { sampleTask } from '../support/sample-task.ts'
import { startTable, type TableDatabase } from '../support/table-database.ts'

const NOW_MS = Date.parse('2026-03-01T12:34:56.789Z')
const NOW = '2026-03-01T12:34:56.789Z'
const DATE = '2026-03-01'
const CHAIN = 12

/** As long as the one real cursor that is known (docs/reference/events-api.md, "Page and cursor"). */
const CURSOR = 'c'.repeat(208)

const LEASE = {
  owner: '01234567-89ab-cdef-0123-456789abcdef',
  nowMs: NOW_MS,
  expiresMs: NOW_MS + 270_123,
  partition: DATE,
}

const WARNED = { TokenExpiry: { since: NOW, expires: NOW, within: 'days14' } } as const

/** The task of a source that has been collected and updated for years, and has been in trouble. */
const healthy = (sourceId: number): Task => ({
  ...sampleTask({ sourceId, api: 'auditEvents', chain: CHAIN, createdAt: NOW, stateSince: NOW }),
  state: 'Collecting',
  reachedMs: {
    Pending: NOW_MS,
    Started: NOW_MS,
    Initialized: NOW_MS,
    Authenticated: NOW_MS,
    Collecting: NOW_MS,
    Error: NOW_MS,
  },
  health: { changes: 1234 },
  version: 1234,
  renewed: 1234,
  introspected: 1234,
  tokenExpires: NOW,
  baseUrl: 'https://events-api-proxy.security.example.com:8443',
  accountUuid: 'M5V6V3GMSVAMJNKSE2RARK2UX4',
  cursor: CURSOR,
  trail: 'ab'.repeat(20),
  cursorSinceMs: NOW_MS,
  pages: 1_234_567,
  events: 1_234_567_891,
  hourlyEvents: `7856ffff7f${'ff'.repeat(23)}`,
  lateEvents: 1_234_567,
  firstEventTime: '2025-11-05T12:34:56.123456789Z',
  lastEventTime: '2026-03-01T12:34:56.123456789Z',
  lastSuccessAt: NOW,
  lastObjectKey: objectKey(
    {
      sourceId,
      api: 'auditEvents',
      chain: CHAIN,
      startTime: NOW,
      link: placeDigest(CHAIN, { cursor: CURSOR }),
    },
    DATE,
  ),
  link: placeDigest(CHAIN, { cursor: CURSOR }),
  rateMs: NOW_MS,
})

let database: TableDatabase
beforeAll(async () => {
  database = await startTable('tasks', { ...TASKS_KEY, partitionType: 'N' })
})
afterAll(() => database.close())

async function stored({ sourceId, api }: TaskKey) {
  const { client, table } = database
  const Key = marshall({ sourceId, api })
  const { Item = {} } = await client.send(new GetItemCommand({ TableName: table, Key }))
  return Item
}

/** The item while a run holds the task: an idle run's two writes are of this size. */
async function leasedItem(task: Task) {
  const store = tasksTable(database.client, database.table)
  await store.create(task)
  expect(await leased(store, task, LEASE)).toBeDefined()
  const { sourceId: _id, api: _api, schema: _schema, fence: _fence, ...change } = task
  expect(await applied(store, task, saveTask(1, change))).toBeDefined()
  expect(await store.read(task)).toEqual({
    ...task,
    fence: 1,
    leaseOwner: LEASE.owner,
    leaseSinceMs: LEASE.nowMs,
    leaseExpiresMs: LEASE.expiresMs,
    partition: DATE,
  })
  return stored(task)
}

it('keeps a healthy task well below one write unit while it is leased', async () => {
  expect(itemBytes(await leasedItem(healthy(400_000_001)))).toBeLessThan(950)
})

it('keeps it within one write unit while its token is about to expire', async () => {
  const item = await leasedItem({ ...healthy(400_000_002), health: { changes: 1234, warnings: WARNED } })
  expect(itemBytes(item)).toBeLessThanOrEqual(1024)
})

it.each(['renew', 'stop'] as const)('also shortens the time that a %s sets', async by => {
  const store = tasksTable(database.client, database.table)
  const task = sampleTask({ sourceId: by === 'renew' ? 400_000_004 : 400_000_005 })
  await store.create(task)
  if (by === 'renew') await store.apply(task, renewTask(2, NOW))
  else await store.apply(task, stopTask(NOW))
  expect((await store.read(task))?.stateSince).toBe(NOW)
  expect((await stored(task))[STORED_NAMES.stateSince]).toEqual({ N: String(NOW_MS) })
})

it('reads an item with attributes that it does not know, and writes it without touching them', async () => {
  const { client, table } = database
  const store = tasksTable(client, table)
  const task = sampleTask({ sourceId: 400_000_003, cursor: 'c' })
  await store.create(task)
  const unknown = { later: { S: NOW }, toString: { M: { x: { BOOL: true } } } }
  await client.send(new PutItemCommand({ TableName: table, Item: { ...(await stored(task)), ...unknown } }))
  const read = { ...task, later: NOW, toString: { x: true } }
  expect(await store.read(task)).toEqual(read)
  expect((await leased(store, task, LEASE))?.task).toMatchObject({ later: NOW, toString: { x: true } })
  expect(await applied(store, task, saveTask(1, { cursor: 'next' }))).toMatchObject({
    ...read,
    fence: 1,
    cursor: 'next',
  })
  expect(await stored(task)).toMatchObject(unknown)
})
