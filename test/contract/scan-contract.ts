import { beforeEach, describe, expect, it } from 'vitest'
import type { Task, TaskKey } from '../../shared/domain/task/task.ts'
import type { TaskStore } from '../../shared/ports.ts'
import { sampleTask } from '../support/sample-task.ts'

/** Returns all tasks of the table, or of one of its segments. */
export async function scanAll({ scan }: TaskStore, segment?: number): Promise<readonly Task[]> {
  const found: Task[] = []
  let last: TaskKey | undefined
  do {
    const page = await scan({ ...(segment !== undefined && { segment }), after: last })
    found.push(...page.tasks)
    last = page.last
  } while (last)
  return found
}

/** How every task store is scanned, in memory or in DynamoDB. */
export function scanContract(kind: string, open: () => Promise<TaskStore>): void {
  describe(`a scan of tasks ${kind}`, () => {
    let store: TaskStore
    let ids = 170_000_000
    beforeEach(async () => {
      store = await open()
    })

    /** Each task is of a source of its own. */
    async function created(): Promise<Task> {
      const task = sampleTask({ sourceId: ++ids, cursor: 'c' })
      await store.create(task)
      return task
    }

    it('has every task in one segment, with those of the same source', async () => {
      const before = await Promise.all(Array.from({ length: 30 }, () => created()))
      const others = before.map(({ sourceId }) => sampleTask({ sourceId, api: 'auditEvents' }))
      for (const task of others) await store.create(task)
      const segments = await Promise.all(Array.from({ length: 16 }, (_, segment) => scanAll(store, segment)))
      expect(segments.flat().length).toBe((await scanAll(store)).length)
      const places = new Map(segments.flatMap((tasks, at) => tasks.map(({ sourceId }) => [sourceId, at])))
      expect(new Set(places.values()).size).toBeGreaterThan(1)
      for (const [at, tasks] of segments.entries())
        expect(tasks.every(({ sourceId }) => places.get(sourceId) === at)).toBe(true)
    })

    it('returns every task once over all pages', async () => {
      const before = await Promise.all(Array.from({ length: 30 }, () => created()))
      const all = await scanAll(store)
      const keys = all.map(({ sourceId, api }) => `${sourceId} ${api}`)
      expect(new Set(keys).size).toBe(keys.length)
      expect(all).toEqual(expect.arrayContaining(before))
    })
  })
}
