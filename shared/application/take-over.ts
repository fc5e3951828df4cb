import { createFailure, type TaskFault } from '../domain/failure/failure.ts'
import { maskText } from '../domain/failure/masking.ts'
import type { TroubleOf } from '../domain/failure/trouble.ts'
import { toIsoTime } from '../domain/stream/timestamp.ts'
import type { Episode } from '../domain/task/episode.ts'
import { type HealthSubject, UNKNOWN_NAME } from '../domain/task/health-event.ts'
import { takeOverTask } from '../domain/task/life.ts'
import { endedBadly, type Faulted, quit } from '../domain/task/progress.ts'
import { isLeased, type Task } from '../domain/task/task.ts'
import { troubledHealth } from '../domain/task/task-health.ts'
import type { Clock, Random, Registry, TaskStore } from '../ports.ts'

/** The ports for recording a failure that no run can record: the run is dead, or no further run is made. */
export interface TakingOverPorts {
  readonly clock: Pick<Clock, 'now'>
  readonly random: Pick<Random, 'uuid'>
  readonly registry: Pick<Registry, 'registered'>
  readonly tasks: Pick<TaskStore, 'apply'>
}

/** The version of a source that was never updated or restarted. */
const FIRST_VERSION = 1

async function readSubject(
  { registry }: TakingOverPorts,
  { collectorId, sourceId, api }: Task,
): Promise<HealthSubject> {
  // Only people need the names. If they cannot be read, the failure is recorded without them.
  const registered = await registry.registered(collectorId, sourceId).catch(() => undefined)
  const { collector, source } = registered ?? {}
  return {
    collectorId,
    sourceId,
    api,
    collectorName: collector?.name ?? UNKNOWN_NAME,
    sourceName: source?.name ?? UNKNOWN_NAME,
  }
}

/**
 * Removes the release of the lease from a change. A run that may still live keeps its lease until the lease expires,
 * because the fence does not stop it from writing one more object.
 */
function withoutRelease({
  leaseOwner: _,
  leaseSinceMs: __,
  leaseExpiresMs: ___,
  ...change
}: Faulted): Faulted {
  return change
}

async function takeOver(
  ports: TakingOverPorts,
  task: Task,
  change: Faulted,
  { isDead }: { readonly isDead: boolean },
): Promise<Task | undefined> {
  const { error, halted } = change
  const health = troubledHealth(task.health, await readSubject(ports, task), error, halted === true)
  const written = isDead || !isLeased(task, ports.clock.now()) ? change : withoutRelease(change)
  const version = task.renewed ?? task.version ?? FIRST_VERSION
  const all = { ...written, version, ...(health && { health }) }
  return (await ports.tasks.apply(task, takeOverTask(task, all)))?.after
}

/**
 * Records that a run died. Like any failed run it opens an episode, or counts in the open one. The run may have left an
 * uncommitted object, which the next run looks for. `isDead`: the run is known to have ended. Without it the run may
 * still live, but nobody waits for it any longer. Returns the task as it then is, or undefined if it has changed since
 * it was read.
 */
export function recordDeath(
  ports: TakingOverPorts,
  task: Task,
  death: TroubleOf<'dead-run'>,
  { isDead }: { readonly isDead: boolean },
): Promise<Task | undefined> {
  const { type, code, message } = createFailure(death)
  const fault: TaskFault = { type, code, info: maskText(message, []), at: toIsoTime(ports.clock.now()) }
  const retrying = { newId: ports.random.uuid() }
  return takeOver(ports, task, endedBadly(task, fault, true, retrying), { isDead })
}

/** The error of a task that is given up and shows no error of its own. */
const NO_ERROR = { type: 'FirstPartyGeneric', code: 500, info: 'No run has ended since.' } as const

/** Gives up a task whose episode is past its deadline. Returns what `recordDeath` returns. */
export function giveUp(ports: TakingOverPorts, task: Task, episode: Episode): Promise<Task | undefined> {
  const nowMs = ports.clock.now()
  const fault: TaskFault = { ...(task.error ?? NO_ERROR), at: toIsoTime(nowMs) }
  return takeOver(ports, task, quit(task, fault, episode, nowMs), { isDead: false })
}
