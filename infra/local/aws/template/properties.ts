export type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Returns the member at a dotted path, or undefined if there is none. */
export const valueAt = (value: unknown, path: string): unknown =>
  path.split('.').reduce((inner: unknown, name) => (isObject(inner) ? inner[name] : undefined), value)

export const toText = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined

/** CloudFormation accepts texts as numbers. */
export function toNumber(value: unknown): number | undefined {
  const given = toText(value)
  return given === undefined || given.trim() === '' || Number.isNaN(Number(given)) ? undefined : Number(given)
}

export const toList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** An object without its undefined members, as `exactOptionalPropertyTypes` requires. */
type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

export const withoutUndefined = <T extends object>(value: T): Defined<T> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>
