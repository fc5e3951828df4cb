import { type JsonObject, type Place, readAt, toPlace } from '../ocsf/members.ts'
import type { Member } from '../ocsf/rows.ts'
import type { Source } from './rule.ts'

const places = new Map<Member, Place>()

function findPlace(member: Member): Place {
  const known = places.get(member)
  if (known) return known
  const place = toPlace(member)
  places.set(member, place)
  return place
}

/** Returns the first text that an event has at these members. */
export function readText(event: JsonObject, source: Source): string | undefined {
  for (const member of source) {
    const value = readAt(event, findPlace(member))
    if (typeof value === 'string' && value !== '') return value
  }
  return undefined
}
