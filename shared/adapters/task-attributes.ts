import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { requireKnownSchema } from '../domain/task/known-schema.ts'
import { TASK_SCHEMA, type Task } from '../domain/task/task.ts'

/**
 * How the table names a task's attributes. DynamoDB counts the bytes of names too, and an idle run writes its task
 * twice. Short names keep an item with a cursor of 200 bytes within one write unit (1 KB).
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
  lookedMs: 'lm',
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
  trail: 'tr',
  refusedPlace: 'rp',
  refusedMs: 'rm',
  cursorSinceMs: 'cs',
  partition: 'pa',
  place: 'pc',
  fence: 'fe',
  leaseOwner: 'lo',
  leaseSinceMs: 'ls',
  leaseExpiresMs: 'lx',
  pages: 'pg',
  events: 'ev',
  hourlyEvents: 'h',
  lateEvents: 'le',
  unreadable: 'un',
  unreadableAt: 'ua',
  pageLimit: 'pl',
  filtered: 'fi',
  firstEventTime: 'ft',
  lastEventTime: 'lt',
  newestTime: 'nt',
  aheadKey: 'ak',
  readUntil: 'ru',
  lastSuccessAt: 'ok',
  behind: 'be',
  lastObjectKey: 'lk',
  link: 'li',
  overlap: 'ov',
  stepRequest: 'sq',
  stepped: 'so',
  rateMs: 'ra',
} as const satisfies Record<keyof Task, string>

const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(STORED_NAMES).map(([name, stored]) => [stored, name]),
)

/** A shorter form of a text. A text that the form could not restore exactly is kept as it is. */
interface Form {
  readonly shorten: (text: string) => number | Uint8Array | undefined
  readonly restore: (value: unknown) => unknown
}

/** A time as our own clock writes it: UTC with milliseconds. */
const MOMENT: Form = {
  shorten(text) {
    const ms = Date.parse(text)
    return Number.isNaN(ms) || new Date(ms).toISOString() !== text ? undefined : ms
  },
  restore: value => (typeof value === 'number' ? new Date(value).toISOString() : value),
}

/** Bytes in lower-case hex. */
const HEX: Form = {
  shorten: text => (/^(?:[0-9a-f]{2})+$/.test(text) ? Buffer.from(text, 'hex') : undefined),
  restore: value => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value),
}

const FORMS: ReadonlyMap<string, Form> = new Map<keyof Task, Form>([
  ['createdAt', MOMENT],
  ['stateSince', MOMENT],
  ['tokenExpires', MOMENT],
  ['lastSuccessAt', MOMENT],
  ['link', HEX],
  ['trail', HEX],
  ['hourlyEvents', HEX],
])

/** The value of a task's attribute as the table stores it. */
export const toStoredValue = (name: string, value: unknown): unknown =>
  (typeof value === 'string' ? FORMS.get(name)?.shorten(value) : undefined) ?? value

const fromStoredValue = (name: string, value: unknown): unknown => FORMS.get(name)?.restore(value) ?? value

/** An attribute that this code does not know keeps its name, even a name like `constructor` that every object has. */
const toStoredName = (name: string): string =>
  Object.hasOwn(STORED_NAMES, name) ? STORED_NAMES[name as keyof Task] : name

export const toTaskItem = (task: Task): Record<string, AttributeValue> =>
  marshall(
    Object.fromEntries(
      Object.entries(task).map(([name, value]) => [toStoredName(name), toStoredValue(name, value)]),
    ),
    { removeUndefinedValues: true },
  )

function parseAttribute([stored, value]: [string, unknown]): [string, unknown] {
  const name = NAMES.get(stored) ?? stored
  return [name, fromStoredValue(name, value)]
}

/**
 * Reads a task from its item. Attributes that this code does not know stay in it. Throws if it is of a later schema.
 */
export function parseTaskItem(item: Record<string, AttributeValue>): Task {
  const task = Object.fromEntries(Object.entries(unmarshall(item)).map(parseAttribute)) as unknown as Task
  return requireKnownSchema(task, `The task ${task.api} of source ${task.sourceId}`, TASK_SCHEMA)
}
