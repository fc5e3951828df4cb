import {
  type FieldFault,
  memberOf,
  type RequestSection,
  refuse,
} from '../../../shared/domain/source/request-section.ts'
import type { AdminRequest } from './message.ts'

/** The parameters behind the question mark while they are checked; hand `faults` to `invalid`. Unknown ones are ignored. */
export type Query = RequestSection

/** A parameter that is given more than once becomes a list, which no rule takes. */
export function queryOf({ rawQueryString }: Pick<AdminRequest, 'rawQueryString'>): Query {
  const parameters = new URLSearchParams(rawQueryString ?? '')
  const entries = [...new Set(parameters.keys())].map(name => {
    const values = parameters.getAll(name)
    return [name, values.length === 1 ? values[0] : values] as const
  })
  const faults: FieldFault[] = []
  return { path: '', values: Object.fromEntries(entries), faults }
}

interface Range {
  readonly min: number
  readonly max: number
  readonly otherwise: number
}

/** A whole number; `otherwise` if it is not given or at fault. */
export function integerOf(query: Query, name: string, { min, max, otherwise }: Range): number {
  const text = memberOf(query, name)
  if (text === undefined) return otherwise
  const number = typeof text === 'string' && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (number >= min && number <= max) return number
  refuse(query, name, `must be a whole number from ${min} to ${max}`)
  return otherwise
}

/** true or false in any case; false if it is not given or at fault. */
export function flagOf(query: Query, name: string): boolean {
  const text = memberOf(query, name)
  const flag = typeof text === 'string' ? text.toLowerCase() : text
  if (flag === 'true') return true
  if (flag !== undefined && flag !== 'false') refuse(query, name, 'must be true or false')
  return false
}

/** One of some words in any case; undefined if it is not given or at fault. */
export function wordOf<Word extends string>(
  query: Query,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const text = memberOf(query, name)
  if (text === undefined) return undefined
  const found = words.find(word => typeof text === 'string' && word === text.toLowerCase())
  if (found === undefined) refuse(query, name, `must be one of ${words.join(', ')}`)
  return found
}

const MAX_LISTED = 1000

export interface Window {
  readonly limit: number
  readonly offset: number
}

/** Which part of a list is asked for (reference/sumo-api §4.3, §4.4). */
export const windowOf = (query: Query): Window => ({
  limit: integerOf(query, 'limit', { min: 1, max: MAX_LISTED, otherwise: MAX_LISTED }),
  offset: integerOf(query, 'offset', { min: 0, max: Number.MAX_SAFE_INTEGER, otherwise: 0 }),
})

export const within = <Item>(items: readonly Item[], { limit, offset }: Window): readonly Item[] =>
  items.slice(offset, offset + limit)
