import type { Task, TaskKey } from '../task/task.ts'

/** One page of the tasks table, or of one of its segments. */
export interface TaskPage {
  readonly tasks: readonly Task[]
  /** The last task. The next page begins after it. Absent at the end. */
  readonly last?: TaskKey
}

/**
 * The way of one tick through one segment of the tasks table: a ring. It begins where the tick before stopped, so that no
 * tick serves the same tasks first and never comes to the others. At the end of the segment it goes on at the start.
 */
export interface Pass {
  /** The next page begins after this task. Absent: at the start of the segment. */
  readonly after?: TaskKey
  /** The pass began after this task. Absent if it began at the start of the segment. */
  readonly beganAfter?: TaskKey
  /** It came to the end of the segment, and goes on from the start to where it began. */
  readonly isRound?: true
  readonly isDone: boolean
}

/** Begins a pass where the pass of an earlier tick stopped. */
export const beginPass = (before?: Pass): Pass =>
  !before || before.isDone || !before.after
    ? { isDone: false }
    : { after: before.after, beganAfter: before.after, isDone: false }

interface Taken {
  /** The tasks of the page that this pass has not had yet. */
  readonly tasks: readonly Task[]
  readonly pass: Pass
}

const isSame = (a: TaskKey, b: TaskKey): boolean => a.sourceId === b.sourceId && a.api === b.api

/**
 * Moves a pass past the page that it asked for. If the task that it began after is gone, the pass has the tasks behind it
 * twice: their runs find nothing to do.
 */
export function takePage({ beganAfter, isRound, ...pass }: Pass, { tasks, last }: TaskPage): Taken {
  const began = beganAfter && { beganAfter }
  const end = isRound && beganAfter ? tasks.findIndex(task => isSame(task, beganAfter)) : -1
  if (end >= 0) return { tasks: tasks.slice(0, end + 1), pass: { isDone: true } }
  if (last) return { tasks, pass: { ...pass, ...began, ...(isRound && { isRound }), after: last } }
  if (began && !isRound) return { tasks, pass: { ...began, isRound: true, isDone: false } }
  return { tasks, pass: { isDone: true } }
}
