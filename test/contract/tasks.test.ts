import { GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tasksTable } from '../../shared/adapters/tasks-table.ts'
import { TASKS_KEY } from '../../shared/contract/table-keys.ts'
import { claimEpisode, releaseClaim, saveTask, takeOverTask } from '../../shared/domain/task/life.ts'
import { applied, isApplied, leased } from '../support/applying.ts'
import { fakeTasks } from '../support/fakes/tasks.ts'
import { sampleTask } from '../support/sample-task.ts'
import { startTable, type TableDatabase } from '../support/table-database.ts'
import { episodesContract } from './episodes-contract.ts'
import { scanAll, scanContract } from './scan-contract.ts'
import { tasksContract } from './tasks-contract.ts'

let database: TableDatabase
beforeAll(async () => {
  database = await startTable('tasks', { ...TASKS_KEY, partitionType: 'N' })
})
afterAll(() => database.close())

tasksContract('in memory', async () => fakeTasks())
episodesContract('in memory', async () => fakeTasks())
scanContract('in memory', async () => fakeTasks())
scanContract('in memory, in small pages', async () => fakeTasks([], { pageSize: 3 }))

tasksContract('in DynamoDB', async () => tasksTable(database.client, database.table))
episodesContract('in DynamoDB', async () => tasksTable(database.client, database.table))
scanContract('in DynamoDB', async () => tasksTable(database.client, database.table))

it('reads a table larger than one page of a scan', { tags: ['long'] }, async () => {
  const { client, table } = database
  const store = tasksTable(client, table)
  const info = 'x'.repeat(120_000)
  const error = { type: 'FirstPartyGeneric', code: 500, info, at: '' } as const
  const ids = Array.from({ length: 20 }, (_, i) => 200_000_001 + i)
  for (const sourceId of ids) await store.create(sampleTask({ sourceId, error }))
  expect((await client.send(new ScanCommand({ TableName: table }))).LastEvaluatedKey).toBeDefined()
  const found = (await scanAll(store)).map(({ sourceId }) => sourceId)
  expect(found.filter(id => id > 200_000_000).toSorted()).toEqual(ids)
})

it('throws every error but a failed condition', async () => {
  const gone = tasksTable(database.client, 'no-such-table')
  const lease = { owner: 'run', nowMs: 0, expiresMs: 1, partition: '2026-03-01' }
  const key = { sourceId: 1, api: 'sign-in' } as const
  const notFound = expect.objectContaining({ name: 'ResourceNotFoundException' })
  await expect(leased(gone, key, lease)).rejects.toEqual(notFound)
  await expect(applied(gone, key, saveTask(0, { cursor: 'c' }))).rejects.toEqual(notFound)
  await expect(gone.read(key)).rejects.toEqual(notFound)
  await expect(gone.upgrade(key, 0)).rejects.toEqual(notFound)
  await expect(applied(gone, sampleTask(), takeOverTask(sampleTask(), {}))).rejects.toEqual(notFound)
  const claim = { episode: 'e', execution: 'x' }
  await expect(applied(gone, key, claimEpisode(claim))).rejects.toEqual(notFound)
  await expect(isApplied(gone, key, releaseClaim(claim))).rejects.toEqual(notFound)
  await expect(gone.create(sampleTask())).rejects.toEqual(notFound)
})

it('removes attributes from the item and does not set them to null', async () => {
  const { client, table } = database
  const store = tasksTable(client, table)
  const task = sampleTask({ sourceId: 300_000_001, cursor: 'c' })
  await store.create(task)
  await applied(store, task, saveTask(0, { cursor: undefined }))
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: marshall({ sourceId: task.sourceId, api: task.api }) }),
  )
  expect(Item).not.toHaveProperty('cursor')
})
