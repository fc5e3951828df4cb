import type { TaskAddress } from '../../shared/contract/events.ts'
import { LAST_REQUEST_MS, LEASE_MARGIN_MS, RESERVE_MS } from '../../shared/contract/timing.ts'
import type { RegisteredSource } from '../../shared/domain/source/source.ts'
import { rateShare } from '../../shared/domain/stream/rate-budget.ts'
import { toUtcDate } from '../../shared/domain/stream/timestamp.ts'
import { leaseOwner } from '../../shared/domain/task/lease-owner.ts'
import { type Claim, leaseTask, releaseLease } from '../../shared/domain/task/life.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { Applied } from '../../shared/ports.ts'
import type { CollectPorts, CollectSettings } from './collect-ports.ts'
import { createLease } from './lease.ts'
import { createLenders } from './lenders.ts'
import { createRequestBudget } from './request-budget.ts'
import type { Run } from './run.ts'
import { createRunDestination, type RunDestination } from './run-destination.ts'
import { examineSuccessor } from './send-request.ts'
import { createSourceDescription } from './source-description.ts'
import { changeExpiry, createRunToken } from './token.ts'

/** One invocation of the function. */
export interface Invocation {
  /** Lambda's request id. It is part of the lease's owner, so that a dead run is recognised as the owner. */
  readonly runId: string
  /** Epoch milliseconds at which the function is stopped. */
  readonly deadlineMs: number
  /** The claim of the execution that makes this run. @default - none: the run belongs to no episode */
  readonly claim?: Claim
}

function takeLease(
  { clock, random, tasks }: CollectPorts,
  { sourceId, api }: TaskAddress,
  { runId, deadlineMs, claim }: Invocation,
): Promise<Applied | undefined> {
  const nowMs = clock.now()
  const lease = {
    owner: leaseOwner(runId, random.uuid()),
    nowMs,
    expiresMs: deadlineMs + LEASE_MARGIN_MS,
    partition: toUtcDate(nowMs),
    claim,
  }
  return tasks.apply({ sourceId, api }, leaseTask(lease))
}

/**
 * Reads the source under the lease, so that it is never older than what the run before has read. Gives the lease back if
 * there is nothing to collect.
 */
async function readSource(
  { registry, tasks }: CollectPorts,
  { collectorId, sourceId }: TaskAddress,
  task: Task,
): Promise<RegisteredSource | undefined> {
  try {
    const registered = await registry.registered(collectorId, sourceId)
    if (registered && !registered.source.stopping) return registered
  } catch (error) {
    await tasks.apply(task, releaseLease(task.fence))
    throw error
  }
  await tasks.apply(task, releaseLease(task.fence))
  return undefined
}

/** A run of an episode ends soon after the episode's deadline, so that the task is given up in time. */
const computeDeadlineMs = ({ episode }: Task, { deadlineMs }: Invocation): number =>
  episode ? Math.min(deadlineMs, episode.deadlineMs + LAST_REQUEST_MS + RESERVE_MS) : deadlineMs

interface RunParts {
  readonly leased: Applied
  readonly registered: RegisteredSource
  readonly invocation: Invocation
}

/** Undefined if the events go to the lake alone. Then nothing is asked for and nothing is loaded. */
function createDestination(
  ports: CollectPorts,
  { collector }: RegisteredSource,
  deadlineMs: number,
): RunDestination | undefined {
  const { destination: setting } = collector
  if (setting.type === 'lake') return undefined
  return createRunDestination({ ...ports, setting, collector, deadlineMs })
}

/** Puts a run together. `leased`: the task before and after it was leased. */
export function createRun(
  ports: CollectPorts,
  settings: CollectSettings,
  { leased, registered, invocation }: RunParts,
): Run {
  const { source } = registered
  const task = leased.after
  const share = rateShare(source.apis.length)
  const others = source.apis.filter(api => api !== task.api)
  const lenders = createLenders(ports, { sourceId: task.sourceId, apis: others, share })
  const budget = createRequestBudget(ports.clock, { share, savedMs: task.rateMs ?? 0, lenders })
  const token = createRunToken({ ...ports, examine: found => examineSuccessor(run, found) }, source)
  const addToSave = (saved: Task) => ({ ...changeExpiry(token, saved), rateMs: budget.arrivalMs })
  const deadlineMs = computeDeadlineMs(task, invocation)
  const run: Run = {
    ports,
    settings,
    registered,
    deadlineMs,
    lease: createLease({ tasks: ports.tasks, addToSave }, leased),
    budget,
    token,
    describeSource: createSourceDescription(ports, registered),
    destination: createDestination(ports, registered, deadlineMs),
  }
  return run
}

/**
 * Leases the task and reads its source. Returns `busy` if the task is leased by another run or must not be collected, and
 * `gone` if its source is being deleted or was deleted.
 */
export async function begin(
  ports: CollectPorts,
  settings: CollectSettings,
  address: TaskAddress,
  invocation: Invocation,
): Promise<Run | 'busy' | 'gone'> {
  const leased = await takeLease(ports, address, invocation)
  if (!leased) return 'busy'
  const registered = await readSource(ports, address, leased.after)
  if (!registered) return 'gone'
  return createRun(ports, settings, { leased, registered, invocation })
}
