import type { Member } from './rows.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** Where a value is in an event: a member of the event, or a member of an object in it. */
export interface Place {
  readonly parent: string | undefined
  readonly name: string
  readonly member: Member
}

export function toPlace(member: Member): Place {
  const [first = '', second] = member.split('.')
  return second === undefined
    ? { parent: undefined, name: first, member }
    : { parent: first, name: second, member }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Returns the value at a place, or undefined. */
export function readAt(event: JsonObject, { parent, name }: Place): unknown {
  if (parent === undefined) return event[name]
  const object = event[parent]
  return isObject(object) ? object[name] : undefined
}

type Rest = Record<string, unknown>

/** Sets a member, also one that is called like the prototype. */
function keep(rest: Rest, name: string, value: unknown): void {
  if (name !== '__proto__') rest[name] = value
  else Object.defineProperty(rest, name, { value, enumerable: true, configurable: true, writable: true })
}

/** The names of copied members, by the object that they are in. '' is the event itself. */
function groupByParent(copied: readonly Place[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const { parent = '', name } of copied) {
    const names = groups.get(parent)
    if (names) names.push(name)
    else groups.set(parent, [name])
  }
  return groups
}

/** Returns what an object has apart from some members. Returns undefined if that is nothing. */
function without(object: JsonObject, names: readonly string[]): Rest | undefined {
  let rest: Rest | undefined
  for (const name of Object.keys(object)) {
    if (names.includes(name)) continue
    rest ??= {}
    keep(rest, name, object[name])
  }
  return rest
}

/** Returns what an event has apart from the members that are copied, each where it was, or undefined. */
export function leftOver(event: JsonObject, copied: readonly Place[]): JsonObject | undefined {
  const groups = groupByParent(copied)
  const rest = without(event, groups.get('') ?? [])
  if (!rest) return undefined
  for (const [parent, names] of groups) {
    const object = parent === '' ? undefined : rest[parent]
    if (!isObject(object)) continue
    const inner = without(object, names)
    if (inner) rest[parent] = inner
    else delete rest[parent]
  }
  return Object.keys(rest).length > 0 ? rest : undefined
}
