import type { HealthPublishingPorts } from '../../shared/application/publish-health.ts'
import type { SourceStopping } from '../../shared/contract/events.ts'
import { ADMIN_TIMEOUT_SECONDS, LEASE_MARGIN_MS } from '../../shared/contract/timing.ts'
import { finishAll } from '../../shared/domain/failure/combined-failure.ts'
import type { Source } from '../../shared/domain/source/source.ts'
import { stopTask } from '../../shared/domain/task/life.ts'
import { isLeased, type Task } from '../../shared/domain/task/task.ts'
import type { Ports, Registry, TaskStore } from '../../shared/ports.ts'
import { closeHealth } from './close-health.ts'

export interface DeletionPorts
  extends Pick<Ports, 'clock' | 'tasks' | 'tokenRemover'>,
    HealthPublishingPorts {
  readonly tasks: TaskStore
  readonly registry: Pick<Registry, 'registered' | 'source' | 'collector' | 'releaseName' | 'removeSource'>
}

/**
 * A create request writes the tasks before the source. If the source is missing after this time, the request has died.
 */
const CREATE_ENDS_MS = ADMIN_TIMEOUT_SECONDS * 1000 + LEASE_MARGIN_MS

/** Whether these tasks have lost their source: a create request or a deletion that died may leave tasks without one. */
const isOrphaned = (tasks: readonly Task[], nowMs: number): boolean =>
  tasks.every(({ createdAt }) => Date.parse(createdAt) + CREATE_ENDS_MS < nowMs)

async function mustBeDeleted(
  { clock, registry }: DeletionPorts,
  { collectorId }: SourceStopping,
  source: Source | undefined,
  tasks: readonly Task[],
): Promise<boolean> {
  if (!source) return isOrphaned(tasks, clock.now())
  return source.stopping === true || (await registry.collector(collectorId)) === undefined
}

/** Stops every task, then reads the tasks again, because a run may have begun in between. */
async function stopTasks({ clock, tasks }: DeletionPorts, found: readonly Task[]): Promise<readonly Task[]> {
  const now = new Date(clock.now()).toISOString()
  await finishAll(found.map(task => tasks.apply(task, stopTask(now))))
  return found[0] ? tasks.tasksOfSource(found[0].sourceId) : found
}

/** The tasks are removed last, because a tick finds a deletion that died here by its tasks. */
async function remove(
  ports: DeletionPorts,
  source: Source | undefined,
  stopping: SourceStopping,
  tasks: readonly Task[],
) {
  const { collectorId, sourceId } = stopping
  await closeHealth(ports, source, tasks)
  await ports.tokenRemover.removeToken(sourceId)
  if (source) {
    await ports.registry.releaseName({ collectorId, name: source.name, ownerId: sourceId })
    await ports.registry.removeSource(collectorId, sourceId)
  }
  await finishAll(tasks.map(task => ports.tasks.remove(task)))
}

/**
 * Completes the deletion of a source when none of its runs is in flight: removes secret, name, source and tasks.
 * Returns false if the source must not be deleted, or not yet. It may be repeated. If it dies, the next tick completes
 * it.
 */
export async function finishDeletion(ports: DeletionPorts, stopping: SourceStopping): Promise<boolean> {
  const { collectorId, sourceId } = stopping
  const source = await ports.registry.source(collectorId, sourceId)
  const found = await ports.tasks.tasksOfSource(sourceId)
  if (!(await mustBeDeleted(ports, stopping, source, found))) return false
  const tasks = await stopTasks(ports, found)
  if (tasks.some(task => isLeased(task, ports.clock.now()))) return false
  await remove(ports, source, stopping, tasks)
  return true
}
