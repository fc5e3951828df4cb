import type { CollectionDue } from '../../shared/contract/events.ts'
import { renewTask } from '../../shared/domain/task/life.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { type DeletionPorts, finishDeletion } from './deletion.ts'

/**
 * Completes a request of the user that died half-way, for a task that no tick dispatches. If the source was updated or
 * restarted, the task begins anew. If the source was deleted, the deletion is completed. Returns the event of the run
 * that is then due.
 */
export async function applyMissedUpdate(
  ports: DeletionPorts,
  task: Task,
): Promise<CollectionDue | undefined> {
  const { collectorId, sourceId, api } = task
  const source = (await ports.registry.registered(collectorId, sourceId))?.source
  if (!source || source.stopping) {
    await finishDeletion(ports, { collectorId, sourceId })
    return undefined
  }
  if (source.version <= (task.version ?? 0)) return undefined
  // The source no longer has this API. One more run parks the task, and closes its health event if one is open.
  if (!source.apis.includes(api) && !task.health?.open) return undefined
  await ports.tasks.apply(task, renewTask(source.version, new Date(ports.clock.now()).toISOString()))
  return { collectorId, sourceId, api, reason: 'updated' }
}
