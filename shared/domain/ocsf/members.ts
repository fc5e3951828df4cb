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

/** Returns what an object has apart from the members that are copied. Returns undefined if that is nothing. */
function withoutCopied(
  object: JsonObject,
  parent: string,
  copied: ReadonlySet<Place>,
): JsonObject | undefined {
  const names = new Set<string>()
  for (const place of copied) if (place.parent === parent) names.add(place.name)
  if (names.size === 0) return object
  const rest = Object.entries(object).filter(([name]) => !names.has(name))
  return rest.length === 0 ? undefined : Object.fromEntries(rest)
}

/** Returns what an event has apart from the members that are copied, each where it was. */
export function leftOver(event: JsonObject, copied: ReadonlySet<Place>): JsonObject {
  const names = new Set<string>()
  for (const { parent, name } of copied) if (parent === undefined) names.add(name)
  const rest: [string, unknown][] = []
  for (const [name, value] of Object.entries(event)) {
    if (names.has(name)) continue
    const kept = isObject(value) ? withoutCopied(value, name, copied) : value
    if (kept !== undefined) rest.push([name, kept])
  }
  return Object.fromEntries(rest)
}
