import type { TaskAddress } from '../../shared/contract/events.ts'
import { LAST_RUN_SECONDS, LEASE_MARGIN_MS } from '../../shared/contract/timing.ts'
import type { RegisteredSource } from '../../shared/domain/source/source.ts'
import { rateShare } from '../../shared/domain/stream/rate-budget.ts'
import { dateOf } from '../../shared/domain/stream/timestamp.ts'
import { leaseOwner } from '../../shared/domain/task/lease-owner.ts'
import {
  type Claim,
  leaseTask,
  mayHaveUncommittedObject,
  releaseLease,
} from '../../shared/domain/task/life.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { CollectPorts, CollectSettings, Run } from './run.ts'

/** One invocation of the function. */
export interface Invocation {
  /** Lambda's own id of it, by which a run that died is recognised as the one that held the lease. */
  readonly runId: string
  /** Epoch milliseconds at which the function is stopped. */
  readonly deadlineMs: number
  /** Of the execution that has it made. @default - none: a run outside of any episode */
  readonly claim?: Claim
}

function takeLease(
  { clock, random, tasks }: CollectPorts,
  { sourceId, api }: TaskAddress,
  { runId, deadlineMs, claim }: Invocation,
) {
  const nowMs = clock.now()
  const lease = {
    owner: leaseOwner(runId, random.uuid()),
    nowMs,
    expiresMs: deadlineMs + LEASE_MARGIN_MS,
    partition: dateOf(nowMs),
    claim,
  }
  return tasks.apply({ sourceId, api }, leaseTask(lease))
}

/**
 * Read under the lease, so never older than what the run before has read. The lease is given back where there is nothing
 * to collect.
 */
async function sourceOf(
  { registry, tasks }: CollectPorts,
  address: TaskAddress,
  task: Task,
): Promise<RegisteredSource | undefined> {
  try {
    const registered = await registry.registered(address.collectorId, address.sourceId)
    if (registered && !registered.source.stopping) return registered
  } catch (error) {
    await tasks.apply(task, releaseLease(task.fence))
    throw error
  }
  await tasks.apply(task, releaseLease(task.fence))
  return undefined
}

/** A run of an episode ends soon after the deadline, so that the task is given up in time. */
function endOf({ episode }: Task, { deadlineMs }: Invocation): number {
  return episode ? Math.min(deadlineMs, episode.deadlineMs + LAST_RUN_SECONDS * 1000) : deadlineMs
}

/** `busy`: another run holds the task, or it is not to be collected. `gone`: its source was or is being deleted. */
export async function begin(
  ports: CollectPorts,
  settings: CollectSettings,
  address: TaskAddress,
  invocation: Invocation,
): Promise<Run | 'busy' | 'gone'> {
  const leased = await takeLease(ports, address, invocation)
  if (!leased) return 'busy'
  const { before, after: task } = leased
  const registered = await sourceOf(ports, address, task)
  if (!registered) return 'gone'
  return {
    ports,
    settings,
    registered,
    api: address.api,
    share: rateShare(registered.source.apis.length),
    deadlineMs: endOf(task, invocation),
    task,
    token: undefined,
    fieldSchema: undefined,
    rateMs: task.rateMs ?? 0,
    released: false,
    unsure: false,
    openEnd: mayHaveUncommittedObject(before),
    answered: false,
    reset: false,
    delivered: undefined,
    pages: 0,
    events: 0,
    lateEvents: 0,
    firstTimestamp: undefined,
    lastTimestamp: undefined,
  }
}
