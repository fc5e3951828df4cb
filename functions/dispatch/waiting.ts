import type { CollectionDue } from '../../shared/contract/events.ts'
import { renewTask } from '../../shared/domain/task/life.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { type DeletionPorts, finishDeletion } from './deletion.ts'

/**
 * A halted task waits for its user, one in an episode for the state machine. If its source was updated or restarted
 * since, it begins anew; if it was deleted, the deletion is completed. Both for the case that the user's own request died
 * before it told the task.
 */
export async function tendWaiting(ports: DeletionPorts, task: Task): Promise<CollectionDue | undefined> {
  const { collectorId, sourceId, api } = task
  const source = (await ports.registry.registered(collectorId, sourceId))?.source
  if (!source || source.stopping) {
    await finishDeletion(ports, { collectorId, sourceId })
    return undefined
  }
  if (source.version <= (task.version ?? 0)) return undefined
  // An API that was taken out is run once more if it was in trouble: the run parks it, and its health event is closed.
  if (!source.apis.includes(api) && !task.health?.open) return undefined
  await ports.tasks.apply(task, renewTask(source.version, new Date(ports.clock.now()).toISOString()))
  return { collectorId, sourceId, api, reason: 'updated' }
}
