import { finishAll } from '../../../shared/domain/failure/combined-failure.ts'
import type { Source } from '../../../shared/domain/source/source.ts'
import { stopTask } from '../../../shared/domain/task/life.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { doOptionalWork } from '../conditional-writes.ts'
import { allowMatch } from '../http/entity-tag.ts'
import type { Handler } from '../http/message.ts'
import { changeSource } from './change-source.ts'
import { findSource } from './read.ts'
import { createSourceTag } from './view.ts'

/** Stops all tasks, also those of APIs that were removed from the source. */
async function stopTasks({ tasks, clock }: AdminPorts, { id }: Source): Promise<void> {
  const now = new Date(clock.now()).toISOString()
  const found = await tasks.tasksOfSource(id)
  await finishAll(found.map(task => tasks.apply(task, stopTask(now))))
}

/**
 * Begins the deletion of a source. Dispatch completes it when the last run has ended. For a source that is Stopping
 * already, this does the steps that an earlier request did not reach. A source that is gone is no error.
 */
export async function stopSource(ports: AdminPorts, source: Source): Promise<void> {
  const stopping = await changeSource(ports, source, stored =>
    stored.stopping ? stored : { ...stored, stopping: true },
  )
  if (!stopping) return
  const { collectorId, id: sourceId, name } = stopping
  await doOptionalWork(ports, { sourceId }, 'who takes the name finds that it is free', () =>
    ports.registry.releaseName({ collectorId, name, ownerId: sourceId }),
  )
  await doOptionalWork(ports, { sourceId }, 'the next tick stops the tasks', () => stopTasks(ports, stopping))
  await doOptionalWork(ports, { sourceId }, 'the next tick completes the deletion', () =>
    ports.bus.publishStopping([{ collectorId, sourceId }]),
  )
}

export const deleteSource: Handler = async (ports, request) => {
  const source = await findSource(ports, request)
  allowMatch(request, createSourceTag(source))
  await stopSource(ports, source)
  return {}
}
