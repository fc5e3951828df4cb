import { toTaskItem } from '../../shared/adapters/task-attributes.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { itemBytes } from '../support/item-size.ts'
import { type OnTask, taskName } from './stores.ts'
import type { Verdict } from './verdict.ts'

/** DynamoDB takes no larger item. */
const MAX_ITEM_BYTES = 400 * 1024

/** A task whose JSON is shorter than this has an item far below the limit. It is not measured. */
const HARMLESS_LENGTH = 50_000

const isLarge = (task: Task): boolean => JSON.stringify(task).length > HARMLESS_LENGTH

/** Checks that every task fits into an item. */
export const createSizeChecks =
  (verdict: Verdict): OnTask =>
  ({ before, after }) => {
    if (!after || before === after || !isLarge(after)) return
    const bytes = itemBytes(toTaskItem(after))
    if (bytes > MAX_ITEM_BYTES) {
      verdict.broken('no write is above a limit of AWS', `${taskName(after)} has ${bytes} bytes`)
    }
  }
