import { TICK_SEGMENTS } from '../../../shared/contract/limits.ts'
import { holds } from '../../../shared/domain/task/condition.ts'
import { illegalCombinations } from '../../../shared/domain/task/life.ts'
import { isLeased, isOfOlderSchema, type Task, type TaskKey } from '../../../shared/domain/task/task.ts'
import { updated } from '../../../shared/domain/task/task-change.ts'
import { upgradeTask } from '../../../shared/domain/task/upgrade.ts'
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

/** In which segment of the table the tasks of a source are. */
export const segmentOf = (sourceId: number): number =>
  (Math.imul(sourceId, 2_654_435_761) >>> 16) % TICK_SEGMENTS

/** Reads pages in an order that stays, as in DynamoDB: a page can begin after a task that is gone. */
function createScan(items: ReadonlyMap<string, Task>, pageSize: number): TaskStore['scan'] {
  const order = new Map<string, number>()
  function orderOf(id: string): number {
    const at = order.get(id) ?? order.size
    order.set(id, at)
    return at
  }
  return async ({ segment, after } = {}) => {
    const all = [...items.values()].map(task => ({ task, at: orderOf(toId(task)) }))
    const start = after ? orderOf(toId(after)) : -1
    const left = all
      .filter(({ task, at }) => at > start && (segment === undefined || segmentOf(task.sourceId) === segment))
      .sort((a, b) => a.at - b.at)
    const tasks = left.slice(0, pageSize).map(({ task }) => task)
    const last = left.length > pageSize ? tasks.at(-1) : undefined
    return { tasks, ...(last && { last: { sourceId: last.sourceId, api: last.api } }) }
  }
}

interface FakeTable {
  /** How many tasks a page of the table holds. @default - all */
  readonly pageSize?: number
}

/** The tasks table in memory. */
export function fakeTasks(
  tasks: readonly Task[] = [],
  { pageSize = Number.POSITIVE_INFINITY }: FakeTable = {},
): FakeTasks {
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
    scan: createScan(items, pageSize),
  }
}
