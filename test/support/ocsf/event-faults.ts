import { type ResolvedShape, resolveShape } from './resolve-schema.ts'
import type { CutAttribute, SchemaCut } from './schema-cut.ts'

type Json = Record<string, unknown>

interface EventClass extends ResolvedShape {
  readonly name: string
  readonly classUid: number
  readonly categoryUid: number
  readonly categoryName: string
}

/** What OCSF computes from the class and the activity of an event. */
function expectedHead(
  { caption, categoryUid, categoryName, classUid, attributes }: EventClass,
  event: Json,
): Json {
  const activity = Number(event['activity_id'])
  const captions = attributes['activity_id']?.enum ?? {}
  return {
    category_uid: categoryUid,
    category_name: categoryName,
    class_name: caption,
    type_uid: classUid * 100 + activity,
    type_name: `${caption}: ${captions[activity]}`,
  }
}

function findHeadFaults(schema: SchemaCut, eventClass: EventClass, event: Json): string[] {
  const version = (event['metadata'] as Json | undefined)?.['version']
  const wrong = Object.entries(expectedHead(eventClass, event)).filter(
    ([name, expected]) => event[name] !== undefined && event[name] !== expected,
  )
  return [
    ...wrong.map(([name, expected]) => `${name} is not ${expected}`),
    ...(version === schema.version ? [] : [`metadata.version is not ${schema.version}`]),
  ]
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])

/** Returns the values at a path such as `user.uid` or `resources[].uid`. */
function valuesAt(event: Json, parts: readonly string[]): unknown[] {
  return parts.reduce<unknown[]>(
    (values, part) =>
      values.flatMap(value =>
        typeof value === 'object' && value !== null && part in value ? asList((value as Json)[part]) : [],
      ),
    [event],
  )
}

const partsOf = (name: string): string[] => name.replaceAll(/\[\d*\]/g, '').split('.')

interface Observed {
  readonly attribute: CutAttribute
  readonly owner: ResolvedShape
  readonly name: string
}

/** Returns the attribute that a path leads to, and the object that has it. */
function findObserved(
  schema: SchemaCut,
  owner: ResolvedShape,
  [name = '', ...rest]: readonly string[],
): Observed | undefined {
  const attribute = owner.attributes[name]
  if (!attribute || rest.length === 0) return attribute && { attribute, owner, name }
  const { type = '' } = attribute
  return schema.objects[type] ? findObserved(schema, resolveShape(schema, type), rest) : undefined
}

/** Returns the observable types of what a path leads to, with their captions: by object, by attribute, by type. */
function findObservableTypes(schema: SchemaCut, { attribute, owner, name }: Observed): Map<number, string> {
  const type = schema.types[attribute.type ?? '']
  const inDictionary = schema.dictionary[name]
  const found = new Map<number, string>()
  if (type?.observable !== undefined) found.set(type.observable, type.caption)
  if (inDictionary?.observable !== undefined) found.set(inDictionary.observable, inDictionary.caption ?? '')
  if (attribute.observable !== undefined && attribute.observable !== inDictionary?.observable)
    found.set(attribute.observable, `${owner.caption} Object: ${name}`)
  return found
}

function isObservableRight(
  schema: SchemaCut,
  eventClass: EventClass,
  event: Json,
  observable: Json,
): boolean {
  const parts = partsOf(String(observable['name']))
  const observed = findObserved(schema, eventClass, parts)
  if (!observed) return false
  const caption = findObservableTypes(schema, observed).get(Number(observable['type_id']))
  return (
    caption !== undefined &&
    observable['type'] === caption &&
    valuesAt(event, parts).includes(observable['value'])
  )
}

function findObservableFaults(schema: SchemaCut, eventClass: EventClass, event: Json): string[] {
  const observables = Array.isArray(event['observables']) ? (event['observables'] as Json[]) : []
  return observables
    .filter(observable => !isObservableRight(schema, eventClass, event, observable))
    .map(({ name }) => `observables: ${name} has another type or value in the event, or is not there`)
}

/** Finds what no JSON schema says: how parts of an event depend on each other. */
export const findEventFaults = (schema: SchemaCut, eventClass: EventClass, event: Json): string[] => [
  ...findHeadFaults(schema, eventClass, event),
  ...findObservableFaults(schema, eventClass, event),
]
