import type { Source } from '../../shared/domain/source/source.ts'
import type { Transition } from '../../shared/domain/task/life.ts'
import type { Task, TaskKey } from '../../shared/domain/task/task.ts'
import type { TaskPage } from '../../shared/domain/tick/pass.ts'
import type { ScanPlace, TaskStore } from '../../shared/ports.ts'
import { type FakeHealthEvents, fakeHealthEvents } from '../support/fakes/health-events.ts'
import { type FakeRegistry, fakeRegistry } from '../support/fakes/registry.ts'
import { type FakeTasks, fakeTasks } from '../support/fakes/tasks.ts'
import { type FakeTicks, fakeTicks } from '../support/fakes/ticks.ts'
import type { FakeSecrets } from '../support/fakes/tokens.ts'
import { type Bucket, createBucket } from './bucket.ts'
import type { Process } from './process.ts'
import type { Scenario } from './scenario.ts'

/** Everything that is stored outside of functions, in memory. */
export interface Stores {
  readonly tasks: FakeTasks
  readonly registry: FakeRegistry
  readonly ticks: FakeTicks
  readonly lake: Bucket
  readonly healthEvents: FakeHealthEvents
  readonly secrets: FakeSecrets
  /** Every source that was ever created, in its first version. */
  readonly created: ReadonlyMap<number, Source>
}

/** Is called for each effect on a task, at the moment when it happens. */
export type OnTask = (change: TaskEffect) => void

export interface TaskEffect {
  readonly process: Process
  readonly method: string
  readonly before: Task | undefined
  readonly after: Task | undefined
}

export const taskName = ({ sourceId, api }: TaskKey): string => `${sourceId}/${api}`

interface StoreOptions extends Pick<Scenario, 'tasksInPage'> {
  /** Is called for a write that AWS refuses because of a limit. */
  readonly onOverLimit: (what: string) => void
}

/** Creates empty stores. */
export function createStores({ tasksInPage, onOverLimit }: StoreOptions): Stores {
  const registry = fakeRegistry()
  const created = new Map<number, Source>()
  const { putSource } = registry
  return {
    tasks: fakeTasks([], { pageSize: tasksInPage }),
    registry: Object.assign(registry, {
      putSource(source: Source) {
        created.set(source.id, source)
        return putSource(source)
      },
    }),
    ticks: fakeTicks(),
    lake: createBucket(onOverLimit),
    healthEvents: fakeHealthEvents(),
    secrets: new Map(),
    created,
  }
}

/**
 * Wraps the tasks for a process and reports each effect. The fakes take effect at once, so before and after belong
 * together. `agePage` may replace the tasks of a scan by older ones.
 */
export function watchedTasks(
  store: FakeTasks,
  agePage: (page: TaskPage) => TaskPage,
  process: Process,
  onTask: OnTask,
): TaskStore {
  return new Proxy<TaskStore>(store, {
    get(target, member, receiver) {
      if (member === 'scan') return async (place?: ScanPlace) => agePage(await store.scan(place))
      const method = Reflect.get(target, member, receiver) as (key: TaskKey, ...rest: never[]) => unknown
      return (key: TaskKey, ...rest: never[]) => {
        if (member === 'tasksOfSource') return method(key)
        const before = store.get(key)
        const answer = method(key, ...rest)
        const [transition] = rest as readonly Transition[]
        const what = member === 'apply' && transition ? transition.name : String(member)
        onTask({ process, method: what, before, after: store.get(key) })
        return answer
      }
    },
  })
}
