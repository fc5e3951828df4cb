import type { Api } from '../../../shared/contract/apis.ts'
import type { DueReason } from '../../../shared/contract/events.ts'
import type { Source } from '../../../shared/domain/source/source.ts'
import { firstTask } from '../../../shared/domain/task/first-task.ts'
import { renewTask } from '../../../shared/domain/task/life.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { afterCommit } from './after-commit.ts'

/**
 * Tasks of APIs that a source is to collect, before the write that says so: dispatch knows nothing but tasks. An API
 * that had a task before, be it long ago, goes on from its cursor.
 */
export async function createTasks(
  { tasks }: Pick<AdminPorts, 'tasks'>,
  source: Parameters<typeof firstTask>[0],
  apis: readonly Api[],
  nowMs: number,
): Promise<void> {
  const now = new Date(nowMs).toISOString()
  await Promise.all(apis.map(api => tasks.create(firstTask(source, api, now))))
}

/** Collection of all APIs at once; should the bus refuse, the next tick says the same. */
export const startCollection = (ports: AdminPorts, source: Source, reason: DueReason): Promise<void> => {
  const { id: sourceId, collectorId, apis } = source
  return afterCommit(ports, source, 'collection waits for the tick', () =>
    ports.bus.publishDue(apis.map(api => ({ collectorId, sourceId, api, reason }))),
  )
}

/** After a new version of the source was written: every task begins anew from Pending, and a run is due at once. */
export async function beginAnew(ports: AdminPorts, source: Source, reason: DueReason): Promise<void> {
  const { id: sourceId, version, apis } = source
  const now = new Date(ports.clock.now()).toISOString()
  await Promise.all(
    apis.map(api =>
      afterCommit(ports, source, 'the next tick renews the task', async () => {
        await ports.tasks.apply({ sourceId, api }, renewTask(version, now))
      }),
    ),
  )
  await startCollection(ports, source, reason)
}
