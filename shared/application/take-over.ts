import { failureBy, type TaskFault } from '../domain/failure/failure.ts'
import type { TroubleOf } from '../domain/failure/trouble.ts'
import { isoOf } from '../domain/stream/timestamp.ts'
import type { Episode } from '../domain/task/episode.ts'
import { type HealthSubject, UNKNOWN_NAME } from '../domain/task/health-event.ts'
import { takeOverTask } from '../domain/task/life.ts'
import { endedBadly, type Faulted, quit } from '../domain/task/progress.ts'
import { isLeased, type Task } from '../domain/task/task.ts'
import { troubledHealth } from '../domain/task/task-health.ts'
import type { Clock, Random, Registry, TaskStore } from '../ports.ts'

/** For what no run can record any more: the one that failed is dead, or nobody makes one. */
export interface TakingOverPorts {
  readonly clock: Pick<Clock, 'now'>
  readonly random: Pick<Random, 'uuid'>
  readonly registry: Pick<Registry, 'registered'>
  readonly tasks: Pick<TaskStore, 'apply'>
}

/** Of a source that was never updated or restarted. */
const FIRST_VERSION = 1

async function subjectOf(
  { registry }: TakingOverPorts,
  { collectorId, sourceId, api }: Task,
): Promise<HealthSubject> {
  // The names are for people: that they cannot be read must not keep the failure from being known.
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

/** A run that may live keeps the lease until it expires: no fence can keep it from writing one more object. */
function withLease({ leaseOwner: _, leaseSinceMs: __, leaseExpiresMs: ___, ...change }: Faulted): Faulted {
  return change
}

async function takeOver(
  ports: TakingOverPorts,
  task: Task,
  change: Faulted,
  isDead: boolean,
): Promise<Task | undefined> {
  const { error, halted } = change
  const health = troubledHealth(task.health, await subjectOf(ports, task), error, halted === true)
  const written = isDead || !isLeased(task, ports.clock.now()) ? change : withLease(change)
  const version = task.renewed ?? task.version ?? FIRST_VERSION
  const all = { ...written, version, ...(health && { health }) }
  return (await ports.tasks.apply(task, takeOverTask(task, all)))?.after
}

/**
 * Records a run that ended without a word as the failed run that it was: opens the task's episode or counts in it. An
 * object that it may have written stays to be found. `isDead`: it is known to have ended, not only given up by who waited
 * for it. Answers the task as it then is, undefined if it has changed since it was read.
 */
export function recordDeath(
  ports: TakingOverPorts,
  task: Task,
  death: TroubleOf<'dead-run'>,
  isDead: boolean,
): Promise<Task | undefined> {
  const { type, code, message } = failureBy(death)
  const fault: TaskFault = { type, code, info: message, at: isoOf(ports.clock.now()) }
  const retrying = { newId: ports.random.uuid() }
  return takeOver(ports, task, endedBadly(task, fault, true, retrying), isDead)
}

/** Why a task is given up that shows no error. */
const NO_ERROR = { type: 'FirstPartyGeneric', code: 500, info: 'No run has ended since.' } as const

/** Gives a task up whose episode is over its deadline. Answers as `recordDeath` does. */
export function giveUp(ports: TakingOverPorts, task: Task, episode: Episode): Promise<Task | undefined> {
  const nowMs = ports.clock.now()
  const fault: TaskFault = { ...(task.error ?? NO_ERROR), at: isoOf(nowMs) }
  return takeOver(ports, task, quit(task, fault, episode, nowMs), false)
}
