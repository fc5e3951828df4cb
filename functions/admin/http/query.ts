import {
  type Checked,
  checkShape,
  optional,
  type Rule,
  type Shape,
  type Values,
  withDefault,
} from '../../../shared/domain/source/shape.ts'
import { requireValid } from './api-error.ts'
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
export const readQuery = <S extends Shape>(request: AdminRequest, shape: S): Values<S> =>
  requireValid(checkQuery(request, shape))[0].values

interface Range {
  readonly min: number
  /** @default none */
  readonly max?: number
}

/** A whole number. */
export const wholeNumber = (
  description: string,
  { min, max = Number.MAX_SAFE_INTEGER }: Range,
): Rule<number> => ({
  schema: {
    description,
    type: 'integer',
    minimum: min,
    ...(max < Number.MAX_SAFE_INTEGER && { maximum: max }),
  },
  read: given => {
    const number = /^\d{1,16}$/.test(String(given)) ? Number(given) : Number.NaN
    return number >= min && number <= max ? number : undefined
  },
  wanted: `must be a whole number from ${min} to ${max}`,
})

/** true or false, in any case. */
export const flag = (description: string) =>
  withDefault(false, {
    schema: { description, type: 'boolean' },
    read: given => [true, false].find(value => String(given).toLowerCase() === String(value)),
    wanted: 'must be true or false',
  })

/** One of some words, in any case. */
export const word = <Word extends string>(description: string, words: readonly Word[]) =>
  optional<Word>({
    schema: { description, type: 'string', examples: words },
    read: given => words.find(candidate => candidate === String(given).toLowerCase()),
    wanted: `must be one of ${words.join(', ')}`,
  })

/** How many are listed if a client names no limit. */
export const DEFAULT_LIMIT = 1000

/** Which part of a list is wanted (docs/reference/management-api.md, "Long lists"). */
export const WINDOW = {
  limit: optional(
    wholeNumber(
      `How many to list at most. Left out: ${DEFAULT_LIMIT}, or as many as fit into 6 MB; the header Link leads to the rest.`,
      { min: 1, max: DEFAULT_LIMIT },
    ),
  ),
  offset: withDefault(0, wholeNumber('How many to leave out first.', { min: 0 })),
}
