import type { Task } from '../../shared/domain/task/task.ts'
import type { TaskPage } from '../../shared/domain/tick/pass.ts'
import type { Surroundings } from './process.ts'
import { taskName } from './stores.ts'

/** Returns a page of a scan with all of its tasks as they were at one moment. */
type AgePage = (page: TaskPage) => TaskPage

const MOST_STALE_MS = 30_000

/** What an id held from a time on. Epoch milliseconds. */
interface Version {
  readonly fromMs: number
  readonly task: Task | undefined
}

/** Notes each write to the tasks for as long as a scan may miss it. */
export function createStaleScans({ plan, timeline }: Surroundings, items: Map<string, Task>): AgePage {
  const versions = new Map<string, Version[]>()

  function note(id: string): void {
    const nowMs = timeline.now()
    const known = versions.get(id) ?? [{ fromMs: 0, task: items.get(id) }]
    const oldest = known.findLastIndex(({ fromMs }) => fromMs <= nowMs - MOST_STALE_MS)
    versions.set(id, known.slice(Math.max(oldest, 0)))
  }

  const { set, delete: remove } = items
  const noting = (id: string, task: Task | undefined, work: () => unknown): void => {
    note(id)
    work()
    versions.get(id)?.push({ fromMs: timeline.now(), task })
  }
  items.set = (id, task) => {
    noting(id, task, () => set.call(items, id, task))
    return items
  }
  items.delete = id => {
    const isThere = items.has(id)
    noting(id, undefined, () => remove.call(items, id))
    return isThere
  }

  function readAt(id: string, ms: number): Task | undefined {
    const known = versions.get(id)
    return known ? known.findLast(({ fromMs }) => fromMs <= ms)?.task : items.get(id)
  }

  /** Tasks that were removed a moment ago. They may still be met at the end of the scan. */
  const listRemoved = (): readonly string[] => [...versions.keys()].filter(id => !items.has(id))

  return page => {
    if (!plan.strikes('scans-stale')) return page
    const ms = timeline.now() - plan.random('scans-stale').integer(MOST_STALE_MS)
    const ids = [...page.tasks.map(taskName), ...(page.last ? [] : listRemoved())]
    return { ...page, tasks: ids.flatMap(id => readAt(id, ms) ?? []) }
  }
}
