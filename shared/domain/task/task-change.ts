import type { Episode } from './episode.ts'
import type { Task, TaskKey } from './task.ts'
import type { TaskHealth } from './task-health.ts'

type Unchanging = keyof TaskKey | 'schema' | 'fence'

/** The attributes of a task that a run changes. `undefined` removes one. */
export type TaskChange = { readonly [K in Exclude<keyof Task, Unchanging>]?: Task[K] | undefined }

/** Gives the lease back. */
export const RELEASED_LEASE = {
  leaseOwner: undefined,
  leaseSinceMs: undefined,
  leaseExpiresMs: undefined,
} as const satisfies TaskChange

/** All that a transition does to a task. */
export interface TaskUpdate {
  readonly set: TaskChange
  /** Set where the task has no such attribute. */
  readonly setIfAbsent?: TaskChange
  /** Members of the episode, which the task then must have. `undefined` removes one. */
  readonly episode?: { readonly [K in keyof Episode]?: Episode[K] | undefined }
  /** Members of the health, which the task then must have. `undefined` removes one. */
  readonly health?: { readonly [K in keyof TaskHealth]?: TaskHealth[K] | undefined }
  /** What the fence becomes: one more, or the number that the guard has asked for anyway. @default as it is */
  readonly fence?: 'raised' | number
}

/** The object after a change: without the members that the change names and gives no value. */
const withChange = <T extends object>(before: T, change: object): T =>
  Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined)) as T

/** The task after a change was written. */
export const changed = (task: Task, change: TaskChange): Task => withChange(task, change)

const fenceAfter = ({ fence }: Task, change: TaskUpdate['fence']): number =>
  change === 'raised' ? fence + 1 : (change ?? fence)

/** The task after an update was written. */
export function updated(task: Task, { set, setIfAbsent, episode, health, fence }: TaskUpdate): Task {
  return {
    ...changed(task, { ...setIfAbsent, ...withChange(task, {}), ...set }),
    ...(episode && task.episode && { episode: withChange(task.episode, episode) }),
    ...(health && task.health && { health: withChange(task.health, health) }),
    fence: fenceAfter(task, fence),
  }
}
