import type { Source } from '../../../shared/domain/source/source.ts'
import { stopTask } from '../../../shared/domain/task/life.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { afterCommit } from './after-commit.ts'
import { changeSource } from './change-source.ts'

/** All that there are: an API that was removed from the source has its task still. */
async function stopTasks({ tasks, clock }: AdminPorts, { id }: Source): Promise<void> {
  const now = new Date(clock.now()).toISOString()
  const found = await tasks.ofSource(id)
  await Promise.all(found.map(task => tasks.apply(task, stopTask(now))))
}

/**
 * Begins the deletion of a source, its own or its collector's; dispatch completes it when the last run has ended. Again
 * for one that is Stopping, it does what an earlier request did not get to; one that is gone is as well.
 */
export async function stopSource(ports: AdminPorts, source: Source): Promise<void> {
  const stopping = await changeSource(ports, source, stored =>
    stored.stopping ? stored : { ...stored, stopping: true },
  )
  if (!stopping) return
  const { collectorId, id: sourceId, name } = stopping
  await afterCommit(ports, stopping, 'who takes the name finds that it is free', () =>
    ports.registry.releaseName({ collectorId, name, ownerId: sourceId }),
  )
  await afterCommit(ports, stopping, 'the next tick stops the tasks', () => stopTasks(ports, stopping))
  await afterCommit(ports, stopping, 'the next tick completes the deletion', () =>
    ports.bus.publishStopping([{ collectorId, sourceId }]),
  )
}
