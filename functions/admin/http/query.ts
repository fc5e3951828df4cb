import { readMember, refuse } from '../../../shared/domain/source/request-section.ts'
import {
  type Checked,
  checkShape,
  type Member,
  type Shape,
  type Values,
} from '../../../shared/domain/source/shape.ts'
import { invalid } from './api-error.ts'
import type { AdminRequest } from './message.ts'

/** A parameter that is given more than once becomes a list, which no check accepts. */
function parseQuery({ rawQueryString }: Pick<AdminRequest, 'rawQueryString'>) {
  const parameters = new URLSearchParams(rawQueryString ?? '')
  const entries = [...new Set(parameters.keys())].map(name => {
    const values = parameters.getAll(name)
    return [name, values.length === 1 ? values[0] : values] as const
  })
  return Object.fromEntries(entries)
}

/** Checks the parameters behind the question mark. Unknown ones are ignored. */
export const checkQuery = <S extends Shape>(request: AdminRequest, shape: S): Checked<Values<S>> =>
  checkShape(parseQuery(request), shape, undefined as never)

/** Throws ApiError 400 that names all faults. */
export function readQuery<S extends Shape>(request: AdminRequest, shape: S): Values<S> {
  const { faults, values } = checkQuery(request, shape)
  if (faults) throw invalid(faults)
  return values
}

interface Range {
  readonly min: number
  readonly max?: number
}

/** A whole number, if there is one. */
const optionalInteger = (
  description: string,
  { min, max = Number.MAX_SAFE_INTEGER }: Range,
): Member<number, 'unset'> => ({
  absence: 'unset',
  schema: {
    description,
    type: 'integer',
    minimum: min,
    ...(max < Number.MAX_SAFE_INTEGER && { maximum: max }),
  },
  check: (section, name) => {
    const text = readMember(section, name)
    if (text === undefined) return undefined
    const number = typeof text === 'string' && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    if (number >= min && number <= max) return number
    return refuse(section, name, `must be a whole number from ${min} to ${max}`)
  },
})

/** A whole number. */
export function integer(
  description: string,
  { otherwise, ...range }: Range & { readonly otherwise: number },
): Member<number, 'default'> {
  const { schema, check } = optionalInteger(description, range)
  return {
    absence: 'default',
    schema: { ...schema, default: otherwise },
    check: (section, name, context) =>
      readMember(section, name) === undefined ? otherwise : check(section, name, context),
  }
}

/** true or false, in any case. */
export const flag = (description: string): Member<boolean, 'default'> => ({
  absence: 'default',
  schema: { description, type: 'boolean', default: false },
  check: (section, name) => {
    const text = readMember(section, name)
    const given = typeof text === 'string' ? text.toLowerCase() : text
    if (given === 'true') return true
    if (given !== undefined && given !== 'false') refuse(section, name, 'must be true or false')
    return false
  },
})

/** One of some words, in any case. */
export const word = <Word extends string>(
  description: string,
  words: readonly Word[],
): Member<Word, 'unset'> => ({
  absence: 'unset',
  schema: { description, type: 'string', examples: words },
  check: (section, name) => {
    const text = readMember(section, name)
    if (text === undefined) return undefined
    const found = words.find(candidate => typeof text === 'string' && candidate === text.toLowerCase())
    return found ?? refuse(section, name, `must be one of ${words.join(', ')}`)
  },
})

/** How many are listed if a client names no limit. */
export const DEFAULT_LIMIT = 1000

/** Which part of a list is wanted (docs/reference/management-api.md, "Long lists"). */
export const WINDOW = {
  limit: optionalInteger(
    `How many to list at most. Left out: ${DEFAULT_LIMIT}, or as many as fit into 6 MB; the header Link leads to the rest.`,
    { min: 1, max: DEFAULT_LIMIT },
  ),
  offset: integer('How many to leave out first.', { min: 0, otherwise: 0 }),
}
