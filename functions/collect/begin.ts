import type { CollectionDue } from '../../shared/contract/events.ts'
import { LEASE_MARGIN_MS } from '../../shared/contract/timing.ts'
import { rateShare } from '../../shared/domain/rate-budget.ts'
import type { RegisteredSource } from '../../shared/domain/source.ts'
import { dateOf } from '../../shared/domain/timestamp.ts'
import type { TaskStore } from '../../shared/ports.ts'
import type { CollectPorts, CollectSettings, Run } from './run.ts'

type Acquired = NonNullable<Awaited<ReturnType<TaskStore['acquire']>>>

function takeLease(
  { clock, random, tasks }: CollectPorts,
  { sourceId, api }: CollectionDue,
  deadlineMs: number,
) {
  const nowMs = clock.now()
  return tasks.acquire(
    { sourceId, api },
    {
      owner: random.uuid(),
      nowMs,
      expiresMs: deadlineMs + LEASE_MARGIN_MS,
      partition: dateOf(nowMs),
    },
  )
}

/**
 * Read under the lease, so never older than what the run before has read. The lease is given back where there is nothing
 * to collect.
 */
async function sourceOf(
  { registry, tasks }: CollectPorts,
  due: CollectionDue,
  { task }: Acquired,
): Promise<RegisteredSource | undefined> {
  try {
    const registered = await registry.registered(due.collectorId, due.sourceId)
    if (registered && !registered.source.stopping) return registered
  } catch (error) {
    await tasks.letGo(task, task.fence)
    throw error
  }
  await tasks.letGo(task, task.fence)
  return undefined
}

/** `busy`: another run holds the task, or it is not to be collected. `gone`: its source was or is being deleted. */
export async function begin(
  ports: CollectPorts,
  settings: CollectSettings,
  due: CollectionDue,
  deadlineMs: number,
): Promise<Run | 'busy' | 'gone'> {
  const acquired = await takeLease(ports, due, deadlineMs)
  if (!acquired) return 'busy'
  const registered = await sourceOf(ports, due, acquired)
  if (!registered) return 'gone'
  return {
    ports,
    settings,
    registered,
    api: due.api,
    share: rateShare(registered.source.apis.length),
    deadlineMs,
    task: acquired.task,
    token: undefined,
    rateMs: acquired.task.rateMs ?? 0,
    released: false,
    openEnd: acquired.recovering,
    reset: false,
    delivered: undefined,
    pages: 0,
    events: 0,
    lateEvents: 0,
    firstTimestamp: undefined,
    lastTimestamp: undefined,
  }
}
