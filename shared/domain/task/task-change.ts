import type { Episode } from './episode.ts'
import type { Task, TaskKey } from './task.ts'
import type { TaskHealth } from './task-health.ts'

type Unchanging = keyof TaskKey | 'schema' | 'fence'

/** The attributes of a task that a run changes. `undefined` removes one. */
export type TaskChange = { readonly [K in Exclude<keyof Task, Unchanging>]?: Task[K] | undefined }

/** The change that gives the lease back. */
export const RELEASED_LEASE = {
  leaseOwner: undefined,
  leaseSinceMs: undefined,
  leaseExpiresMs: undefined,
} as const satisfies TaskChange

/** Everything that a transition changes in a task. */
export interface TaskUpdate {
  readonly set: TaskChange
  /** Attributes that are set only if the task does not have them. */
  readonly setIfAbsent?: TaskChange
  /** Members of the episode. The task must have one. `undefined` removes a member. */
  readonly episode?: { readonly [K in keyof Episode]?: Episode[K] | undefined }
  /** Members of the health. The task must have one. `undefined` removes a member. */
  readonly health?: { readonly [K in keyof TaskHealth]?: TaskHealth[K] | undefined }
  /** The new fence: one more than before, or the number that the guard requires anyway. @default the fence stays */
  readonly fence?: 'raised' | number
}

const withoutUndefined = (object: object): object =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))

/** Returns the object after a change. Members that the change sets to `undefined` are removed. */
function withChange<T extends object>(before: T, change: object): T {
  const after = { ...before, ...change }
  return Object.values(after).includes(undefined) ? (withoutUndefined(after) as T) : after
}

/** Returns the task after a change was written. */
export const changed = (task: Task, change: TaskChange): Task => withChange(task, change)

const fenceAfter = ({ fence }: Task, change: TaskUpdate['fence']): number =>
  change === 'raised' ? fence + 1 : (change ?? fence)

/** Returns the task after an update was written. */
export function updated(task: Task, { set, setIfAbsent, episode, health, fence }: TaskUpdate): Task {
  const given = setIfAbsent ? { ...setIfAbsent, ...withChange(task, {}), ...set } : set
  return {
    ...changed(task, given),
    ...(episode && task.episode && { episode: withChange(task.episode, episode) }),
    ...(health && task.health && { health: withChange(task.health, health) }),
    fence: fenceAfter(task, fence),
  }
}
