import { holds } from '../../../shared/domain/task/condition.ts'
import { illegalCombinations, upgradeTask } from '../../../shared/domain/task/life.ts'
import { isLeased, isOfOlderSchema, type Task, type TaskKey } from '../../../shared/domain/task/task.ts'
import { updated } from '../../../shared/domain/task/task-change.ts'
import type { TaskStore } from '../../../shared/ports.ts'

export interface FakeTasks extends TaskStore {
  readonly items: Map<string, Task>
  get(key: TaskKey): Task | undefined
}

const toId = ({ sourceId, api }: TaskKey): string => `${sourceId}/${api}`

/** Throws if a write has brought about a combination of attributes that no task may have. */
function assertLegal(before: Task, after: Task): void {
  const known = illegalCombinations(before)
  const found = illegalCombinations(after).filter(sentence => !known.includes(sentence))
  if (found.length > 0) throw new Error(`the task ${toId(after)} ${found.join(', and ')}`)
}

/** The tasks table in memory. */
export function fakeTasks(tasks: readonly Task[] = []): FakeTasks {
  const items = new Map(tasks.map(task => [toId(task), task]))
  return {
    items,
    get: key => items.get(toId(key)),
    read: async key => items.get(toId(key)),
    async apply(key, { guard, update }) {
      const before = items.get(toId(key))
      if (!before || !holds(guard, before)) return undefined
      const after = updated(before, update)
      items.set(toId(key), after)
      assertLegal(before, after)
      return { before, after }
    },
    async upgrade(key, nowMs) {
      const before = items.get(toId(key))
      if (!before || !isOfOlderSchema(before)) return before
      if (isLeased(before, nowMs)) return undefined
      const task = upgradeTask(before)
      items.set(toId(key), task)
      return task
    },
    async remove(key) {
      items.delete(toId(key))
    },
    async create(task) {
      if (!items.has(toId(task))) items.set(toId(task), task)
    },
    tasksOfSource: async sourceId => [...items.values()].filter(task => task.sourceId === sourceId),
    async *pages() {
      yield [...items.values()]
    },
  }
}
