import { type Schema, type Shape, shapeSchema } from '../../../shared/domain/source/shape.ts'

declare const VALUE: unique symbol

/** A schema that also tells TypeScript what it describes. */
export type Typed<Value> = Schema & { readonly [VALUE]?: Value }

type Members = Readonly<Record<string, Schema>>

type ValueOf<S> = S extends { readonly [VALUE]?: infer Value } ? Value : unknown

type Required<Name> = Name extends `${string}?` ? never : Name
type Optional<Name> = Name extends `${infer Bare}?` ? Bare : never

/** What an answer holds that a schema describes. */
export type Described<S extends Schema> = ValueOf<S>

type ObjectOf<M extends Members> = {
  readonly [Name in keyof M as Required<Name>]: ValueOf<M[Name]>
} & { readonly [Name in keyof M as Optional<Name>]?: ValueOf<M[Name]> }

/** An object in an answer with these members and no others. A member whose name ends in ? may be missing. */
export const answered = <const M extends Members>(members: M): Typed<ObjectOf<M>> => {
  const names = Object.keys(members)
  return {
    type: 'object',
    properties: Object.fromEntries(names.map(name => [name.replace('?', ''), members[name]])),
    required: names.filter(name => !name.endsWith('?')),
    additionalProperties: false,
  }
}

/** A request that carries an object with these members under a name. */
export const wrapped = (name: string, shape: Shape): Schema => ({
  type: 'object',
  properties: { [name]: shapeSchema(shape) },
  required: [name],
})

/** A reference to a schema of the document. */
export const named = <Value>(name: string, _schema: Typed<Value>): Typed<Value> => ({
  $ref: `#/components/schemas/${name}`,
})

export const listOf = <Value>(items: Typed<Value>, more: Schema = {}): Typed<readonly Value[]> => ({
  type: 'array',
  items,
  ...more,
})

export const constant = <const Value>(value: Value, more: Schema = {}): Typed<Value> => ({
  const: value,
  ...more,
})

export const oneOf = <const Value>(values: readonly Value[], more: Schema = {}): Typed<Value> => ({
  enum: values,
  ...more,
})

export const text = (more: Schema = {}): Typed<string> => ({ type: 'string', ...more })
export const fullText = (more: Schema = {}): Typed<string> => text({ minLength: 1, ...more })
export const time = (description?: string): Typed<string> =>
  text({ format: 'date-time', ...(description && { description }) })

export const integer = (more: Schema = {}): Typed<number> => ({ type: 'integer', ...more })
export const count = (description?: string): Typed<number> =>
  integer({ minimum: 0, ...(description && { description }) })
