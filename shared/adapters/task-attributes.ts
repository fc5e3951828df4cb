import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { ofKnownSchema } from '../domain/task/known-schema.ts'
import type { TaskChange } from '../domain/task/progress.ts'
import { TASK_SCHEMA, type Task } from '../domain/task/task.ts'

/**
 * How the table names a task's attributes. DynamoDB counts the bytes of names as those of values, and an idle run writes
 * its task twice: short ones keep the item, with a cursor of 200 bytes, within one write unit (1 KB).
 */
export const STORED_NAMES = {
  schema: 'schema',
  sourceId: 'sourceId',
  api: 'api',
  collectorId: 'co',
  createdAt: 'cr',
  state: 'st',
  stateSince: 'ss',
  reachedMs: 're',
  halted: 'ha',
  error: 'er',
  episode: 'ep',
  health: 'he',
  version: 've',
  renewed: 'rn',
  introspected: 'is',
  tokenExpires: 'tx',
  baseUrl: 'bu',
  accountUuid: 'au',
  chain: 'ch',
  startTime: 'sa',
  cursor: 'cu',
  cursorSinceMs: 'cs',
  partition: 'pa',
  fence: 'fe',
  leaseOwner: 'lo',
  leaseSinceMs: 'ls',
  leaseExpiresMs: 'lx',
  pages: 'pg',
  events: 'ev',
  lateEvents: 'le',
  firstEventTime: 'ft',
  lastEventTime: 'lt',
  lastSuccessAt: 'ok',
  behind: 'be',
  lastObjectKey: 'lk',
  link: 'li',
  overlap: 'ov',
  rateMs: 'ra',
} as const satisfies Record<keyof Task, string>

const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(STORED_NAMES).map(([name, stored]) => [stored, name]),
)

/** A shorter form of a text. What does not have exactly the one pattern that it restores is kept as it is. */
interface Form {
  readonly shorten: (text: string) => number | Uint8Array | undefined
  readonly restore: (value: unknown) => unknown
}

/** A time as our own clock's are written: UTC with milliseconds. */
const MOMENT: Form = {
  shorten(text) {
    const ms = Date.parse(text)
    return Number.isNaN(ms) || new Date(ms).toISOString() !== text ? undefined : ms
  },
  restore: value => (typeof value === 'number' ? new Date(value).toISOString() : value),
}

/** A SHA-256 digest in lower-case hex. */
const DIGEST: Form = {
  shorten: text => (/^[0-9a-f]{64}$/.test(text) ? Buffer.from(text, 'hex') : undefined),
  restore: value => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value),
}

const FORMS: ReadonlyMap<string, Form> = new Map<keyof Task, Form>([
  ['createdAt', MOMENT],
  ['stateSince', MOMENT],
  ['tokenExpires', MOMENT],
  ['lastSuccessAt', MOMENT],
  ['link', DIGEST],
])

const shortened = (name: string, value: unknown): unknown =>
  (typeof value === 'string' ? FORMS.get(name)?.shorten(value) : undefined) ?? value

const restored = (name: string, value: unknown): unknown => FORMS.get(name)?.restore(value) ?? value

/** Names for the placeholders of an expression: of a task's attributes, and of members `within` them, which keep theirs. */
export const namesOf = (
  attributes: readonly (keyof Task)[],
  within: readonly string[] = [],
): Record<string, string> =>
  Object.fromEntries([
    ...attributes.map(name => [`#${name}`, STORED_NAMES[name]]),
    ...within.map(name => [`#${name}`, name]),
  ])

/** Values for the placeholders of an expression, each by the name of its attribute. */
export const valuesOf = (change: TaskChange): Record<string, unknown> =>
  Object.fromEntries(Object.entries(change).map(([name, value]) => [`:${name}`, shortened(name, value)]))

/** One that this code does not know keeps its own, even if it is that of a member of every object. */
const storedName = (name: string): string =>
  Object.hasOwn(STORED_NAMES, name) ? STORED_NAMES[name as keyof Task] : name

export const itemOf = (task: Task): Record<string, AttributeValue> =>
  marshall(
    Object.fromEntries(
      Object.entries(task).map(([name, value]) => [storedName(name), shortened(name, value)]),
    ),
    { removeUndefinedValues: true },
  )

function attributeOf([stored, value]: [string, unknown]): [string, unknown] {
  const name = NAMES.get(stored) ?? stored
  return [name, restored(name, value)]
}

/** Attributes that this code does not know stay in the task as they are. Throws if it is of a later schema. */
export function taskOf(item: Record<string, AttributeValue>): Task {
  const task = Object.fromEntries(Object.entries(unmarshall(item)).map(attributeOf)) as unknown as Task
  return ofKnownSchema(task, `The task ${task.api} of source ${task.sourceId}`, TASK_SCHEMA)
}
