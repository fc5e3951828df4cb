import type { Api } from '../../../shared/contract/apis.ts'
import type { DueReason } from '../../../shared/contract/events.ts'
import { finishAll } from '../../../shared/domain/failure/combined-failure.ts'
import type { Source } from '../../../shared/domain/source/source.ts'
import { toIsoTime } from '../../../shared/domain/stream/timestamp.ts'
import { firstTask } from '../../../shared/domain/task/first-task.ts'
import { renewTask } from '../../../shared/domain/task/life.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { doOptionalWork } from '../conditional-writes.ts'
import { sourceNotFound } from '../http/api-error.ts'
import type { Handler } from '../http/message.ts'
import { changeSource, promoteNamed, requireStaying } from './change-source.ts'
import { findSource } from './read.ts'

/**
 * Creates the tasks of APIs before the source that names them is written, because dispatch sees tasks only. An API that
 * had a task before, even long ago, goes on from its cursor.
 */
export async function createTasks(
  { clock, tasks }: AdminPorts,
  source: Parameters<typeof firstTask>[0],
  apis: readonly Api[],
): Promise<void> {
  const now = toIsoTime(clock.now())
  await finishAll(apis.map(api => tasks.create(firstTask(source, api, now))))
}

/** Asks for a run of every API at once. If the bus refuses, the next tick asks for the same runs. */
export const startCollection = (ports: AdminPorts, source: Source, reason: DueReason): Promise<void> => {
  const { id: sourceId, collectorId, apis } = source
  return doOptionalWork(ports, { sourceId }, 'collection waits for the tick', () =>
    ports.bus.publishDue(apis.map(api => ({ collectorId, sourceId, api, reason }))),
  )
}

/**
 * Call it after a new version of the source was written: its token becomes the current one, every task begins anew from
 * Pending, and a run is due at once.
 */
export async function beginAnew(ports: AdminPorts, source: Source, reason: DueReason): Promise<void> {
  const { id: sourceId, version, apis } = source
  const now = toIsoTime(ports.clock.now())
  await promoteNamed(ports, source)
  await Promise.all(
    apis.map(api =>
      doOptionalWork(ports, { sourceId }, 'the next tick renews the task', async () => {
        await ports.tasks.apply({ sourceId, api }, renewTask(version, now))
      }),
    ),
  )
  await startCollection(ports, source, reason)
}

/** Restarts a source, in whatever state it is. Returns null if it is gone. Throws ApiError 400 if it is being deleted. */
export async function restart(ports: AdminPorts, source: Source): Promise<Source | null> {
  const restarted = await changeSource(ports, source, stored => {
    requireStaying(stored)
    return { ...stored }
  })
  if (restarted) await beginAnew(ports, restarted, 'restarted')
  return restarted
}

/** Works in every state of the source, and with every body. */
export const restartSource: Handler = async (ports, request) => {
  if (!(await restart(ports, await findSource(ports, request)))) throw sourceNotFound()
  return {}
}
