import { nextPlace, placeOfSchema2, toPlainPlace } from '../stream/object-key.ts'
import { TASK_SCHEMA, type Task } from './task.ts'

/** Where a run of an earlier deployment has put the next object, or may still put it. */
const olderPlace = (task: Task): string =>
  toPlainPlace(task.schema < 3 && task.partition !== undefined ? placeOfSchema2(task) : nextPlace(task))

/**
 * A task of an earlier deployment in the present form. The next object has the key that the earlier deployment gave it,
 * because that deployment may have put it, and the task may come from a backup that does not know it. The fence rises, so
 * that a run of that deployment can save nothing more.
 */
export const upgradeTask = (task: Task): Task => ({
  ...task,
  schema: TASK_SCHEMA,
  fence: task.fence + 1,
  place: olderPlace(task),
})
