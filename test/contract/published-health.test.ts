import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tasksTable } from '../../shared/adapters/tasks-table.ts'
import { TASKS_KEY } from '../../shared/contract/table-keys.ts'
import { markHealthPublished, saveTask } from '../../shared/domain/task/life.ts'
import type { TaskHealth } from '../../shared/domain/task/task-health.ts'
import type { TaskStore } from '../../shared/ports.ts'
import { applied } from '../support/applying.ts'
import { fakeTasks } from '../support/fakes/tasks.ts'
import { aFault, healthAfter } from '../support/health.ts'
import { sampleTask } from '../support/sample-task.ts'
import { startTable, type TableDatabase } from '../support/table-database.ts'

let database: TableDatabase
beforeAll(async () => {
  database = await startTable('tasks', { ...TASKS_KEY, partitionType: 'N' })
})
afterAll(() => database.close())

const STORES: [string, () => TaskStore][] = [
  ['in memory', () => fakeTasks()],
  ['in DynamoDB', () => tasksTable(database.client, database.table)],
]

describe.each(STORES)('the health of a task %s', (_kind, open) => {
  let ids = 400_000_000

  async function keeping(health: TaskHealth | undefined) {
    const store = open()
    const task = sampleTask({ sourceId: ++ids, ...(health && { health }) })
    await store.create(task)
    return { store, task, now: async () => (await store.tasksOfSource(task.sourceId))[0] }
  }

  it('is marked as published, and the open event stays', async () => {
    const health = healthAfter()
    const { store, task, now } = await keeping(health)
    await store.apply(task, markHealthPublished(1))
    expect(await now()).toEqual({ ...task, health: { open: health.open, changes: 1 } })
    await store.apply(task, markHealthPublished(1))
    expect(await now()).toEqual({ ...task, health: { open: health.open, changes: 1 } })
  })

  it('is not marked if it has changed since', async () => {
    const { store, task, now } = await keeping(healthAfter({}, '2026-03-01T12:05:00.000Z'))
    await store.apply(task, markHealthPublished(1))
    expect(await now()).toEqual(task)
  })

  it('is not marked if there is none, and a removed task is not created again', async () => {
    const { store, task, now } = await keeping(undefined)
    await store.apply(task, markHealthPublished(1))
    expect(await now()).toEqual(task)
    await store.remove(task)
    await store.apply(task, markHealthPublished(1))
    expect(await now()).toBeUndefined()
  })

  it('is saved under the fence with the rest of a change', async () => {
    const { store, task, now } = await keeping(undefined)
    const failed = { state: 'Error', error: aFault(), halted: true, health: healthAfter() } as const
    expect(await applied(store, task, saveTask(0, failed))).toBeDefined()
    expect(await now()).toEqual({ ...task, ...failed })
  })
})
