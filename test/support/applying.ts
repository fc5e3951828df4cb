import {
  type Lease,
  leaseTask,
  mayHaveUncommittedObject,
  type Transition,
} from '../../shared/domain/task/life.ts'
import type { Task, TaskKey } from '../../shared/domain/task/task.ts'
import type { TaskStore } from '../../shared/ports.ts'

type Applying = Pick<TaskStore, 'apply'>

/** Applies a transition. Returns the task after it, or undefined if nothing was written. */
export const applied = async (
  store: Applying,
  key: TaskKey,
  transition: Transition,
): Promise<Task | undefined> => (await store.apply(key, transition))?.after

/** Applies a transition. Returns whether it was written. */
export const isApplied = async (store: Applying, key: TaskKey, transition: Transition): Promise<boolean> =>
  (await store.apply(key, transition)) !== undefined

/** Leases a task. `recovering`: an uncommitted object may exist at the cursor. */
export async function leased(store: Applying, key: TaskKey, lease: Lease) {
  const found = await store.apply(key, leaseTask(lease))
  return found && { task: found.after, recovering: mayHaveUncommittedObject(found.before) }
}

type Apply = TaskStore['apply']

/** Returns an `apply` that passes one kind of transition to `other`. */
export const replacingTransition =
  (apply: Apply, name: Transition['name'], other: Apply): Apply =>
  (key, transition) =>
    transition.name === name ? other(key, transition) : apply(key, transition)

/** Reads from a transition which lease a run has asked for. The claim is missing. */
export function parseLease({ update: { set, setIfAbsent } }: Transition): Lease {
  const { leaseOwner: owner, leaseSinceMs: nowMs, leaseExpiresMs: expiresMs } = set
  return { owner, nowMs, expiresMs, partition: setIfAbsent?.partition } as Lease
}

/** Returns the name of a call to a port. A call that applies a transition has the name of the transition. */
export function callName(port: string, method: string, args: readonly unknown[]): string {
  return `${port}.${method === 'apply' ? (args[1] as Transition).name : method}`
}
