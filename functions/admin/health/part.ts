import { memberOf, refuse } from '../../../shared/domain/source/request-section.ts'
import type { Part } from '../../../shared/ports.ts'
import { integerOf, type Query } from '../http/query.ts'

const LIMITS = { min: 1, max: 1000, otherwise: 100 }

/** Places are printable ASCII. */
const PLACE = /^[\x20-\x7e]{1,500}$/

const placeIn = (token: string): string => Buffer.from(token, 'base64url').toString('latin1')

/** Opaque to clients: where the next part begins. */
export const tokenOf = (place: string): string => Buffer.from(place, 'latin1').toString('base64url')

function placeOf(query: Query): string | undefined {
  const token = memberOf(query, 'token')
  if (token === undefined) return undefined
  const place = typeof token === 'string' ? placeIn(token) : ''
  if (PLACE.test(place) && tokenOf(place) === token) return place
  return refuse(query, 'token', 'must be the `next` of an earlier answer')
}

/** Which part of a list of health events is asked for (reference/sumo-api §3.3). */
export function partOf(query: Query): Part {
  return { limit: integerOf(query, 'limit', LIMITS), after: placeOf(query) }
}
