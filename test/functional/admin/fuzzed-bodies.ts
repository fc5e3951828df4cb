import fc from 'fast-check'
import { COLLECTOR, sourceBody } from './admin-world.ts'

/** Bodies of every kind. Most are nearly valid. None has the token in a place that an answer may show. */

export const COLLECTOR_ID = 100000001
export const SOURCE_ID = 100000002

const HOSTILE_TEXTS = [
  '',
  ' ',
  '\u0000',
  '\u202e',
  '\ud800',
  '😀',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '../../etc/passwd',
  '{{7*7}}',
  "' OR 1=1 --",
  '<script>',
  '********',
  'null',
  '(x+x+)+y',
  '(?=a)',
  '(a)\\1',
  '((a{1,1000}){1,1000})',
  '[',
  'Mask',
  'x'.repeat(129),
  'é'.repeat(2000),
]

export const text = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ unit: 'binary' }), fc.lorem())

const number = fc.oneof(
  fc.constantFrom(0, -0, -1, 1.5, 2 ** 31, 2 ** 53, 2 ** 64, 1e308, COLLECTOR_ID, SOURCE_ID),
  fc.double(),
)

const nested = fc.tuple(fc.nat(400), fc.boolean()).map(([depth, isList]) => {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = isList ? [value] : { config: value }
  return value
})

const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 2, arbitrary: number },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false, [], {}, [null], [[]]) },
  { weight: 1, arbitrary: nested },
  { weight: 2, arbitrary: fc.jsonValue() },
)

const MEMBERS = [
  'name',
  'fields',
  'config',
  'id',
  'base_url',
  'supported_apis',
  'start_time',
  'schemaRef',
  'filters',
  'filterType',
  'regexp',
  'mask',
  'destination',
  '_siemForward',
  '__proto__',
]

interface Edit {
  /** The position of a member at each level. */
  readonly at: readonly number[]
  readonly name: string
  readonly value: unknown
  readonly kind: 'set' | 'remove' | 'add'
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.array(fc.nat(9), { maxLength: 4 }),
  name: fc.oneof(fc.constantFrom(...MEMBERS), text),
  value,
  kind: fc.constantFrom('set', 'set', 'remove', 'add'),
})

const isObject = (candidate: unknown): candidate is Record<string, unknown> =>
  typeof candidate === 'object' && candidate !== null

/** Creates a member as JSON.parse does, even if its name is __proto__. */
const define = (object: object, name: string, member: unknown): void =>
  void Object.defineProperty(object, name, {
    value: member,
    enumerable: true,
    configurable: true,
    writable: true,
  })

function edited(whole: unknown, { at, name, value: put, kind }: Edit): unknown {
  const copy = structuredClone(whole)
  let node = copy
  let target = ''
  for (const place of at) {
    if (!isObject(node)) break
    const names = Object.keys(node)
    target = names[place % Math.max(1, names.length)] ?? ''
    const next = node[target]
    if (!isObject(next)) break
    node = next
  }
  if (!isObject(node)) return put
  if (kind === 'add') define(node, name, put)
  else if (kind === 'remove') Reflect.deleteProperty(node, target)
  else define(node, target, put)
  return copy
}

export const COLLECTOR_UPDATE = {
  collector: { id: COLLECTOR_ID, ...COLLECTOR.collector, fields: { team: 'x' }, timeZone: 'Etc/UTC' },
}
export const SOURCE_UPDATE = sourceBody(
  {
    ...{ name: 'renamed', fields: { _siemForward: true, team: 'x' }, description: 'd', category: 'c' },
    filters: [
      { filterType: 'Exclude', name: 'No guests', regexp: '.*"guest".*' },
      { filterType: 'Mask', name: 'Addresses', regexp: '"ip_address":"([^"]*)"', mask: 'hidden' },
    ],
  },
  { id: SOURCE_ID, state: { state: 'Error' }, alive: true },
)
export const FIELD = { fieldName: 'region', fieldId: '', dataType: '', state: '' }

const valid = fc.constantFrom<unknown>(
  { collector: { collectorType: 'Hosted', name: 'New' } },
  COLLECTOR_UPDATE,
  sourceBody({ name: 'new', start_time: '2026-05-01T00:00:00Z' }),
  SOURCE_UPDATE,
  FIELD,
  null,
)

/** With some members set, removed or added. */
export const mutated = (whole: fc.Arbitrary<unknown>, maxLength: number) =>
  fc.tuple(whole, fc.array(edit, { maxLength })).map(([body, edits]) => edits.reduce(edited, body))

const json = mutated(valid, 3).map(body => JSON.stringify(body) ?? '')

const RAW = [
  '{"collector":{"collectorType":"Hosted","name":"a","name":"b"}}',
  '{"__proto__":{"polluted":true},"collector":{"__proto__":{"polluted":true},"collectorType":"Hosted","name":"p"}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"collector":{"collectorType":"Hosted","name":"n","id":1e999}}',
  `{"source":{"id":${'9'.repeat(400)}}}`,
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
  `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
  '\ufeff{"fieldName":"bom"}',
  '{"fieldName":"\\ud800"}',
  '{"fieldName":"\\u0000"}',
  '{',
  '',
]

/** Text, and bytes that may be no UTF-8. */
export const body: fc.Arbitrary<string | Buffer | undefined> = fc.oneof(
  { weight: 10, arbitrary: json },
  { weight: 2, arbitrary: json.map(whole => Buffer.from(whole)) },
  { weight: 2, arbitrary: fc.tuple(json, fc.nat(300)).map(([whole, end]) => whole.slice(0, end)) },
  { weight: 2, arbitrary: fc.constantFrom(...RAW) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map(bytes => Buffer.from(bytes)) },
  { weight: 4, arbitrary: fc.constant(undefined) },
)
