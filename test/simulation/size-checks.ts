import { toTaskItem } from '../../shared/adapters/task-attributes.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { itemBytes } from '../support/item-size.ts'
import { type OnTask, taskName } from './stores.ts'
import type { Verdict } from './verdict.ts'

/** DynamoDB takes no larger item. */
const MAX_ITEM_BYTES = 400 * 1024

/** A task whose names and texts are shorter than this has an item far below the limit. It is not measured. */
const HARMLESS_LENGTH = 50_000

/** The length of a value other than a text or an object is at most this, in bytes of an item too. */
const MOST_OF_SCALAR = 25

/** What was computed before: most members of a task stay when it is written. */
const lengths = new WeakMap<object, number>()

/** Estimates the length of the names and texts of a task. It is quicker than writing it as JSON. */
function roughLength(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return MOST_OF_SCALAR
  const known = lengths.get(value)
  if (known !== undefined) return known
  let length = 0
  for (const [name, member] of Object.entries(value)) length += name.length + roughLength(member)
  lengths.set(value, length)
  return length
}

const isLarge = (task: Task): boolean => roughLength(task) > HARMLESS_LENGTH

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
