import { type Schema, type Shape, shapeSchema, type Typed } from '../../../shared/domain/source/shape.ts'

/** A request that carries an object with these members under a name. */
export const wrapped = (name: string, shape: Shape): Schema => ({
  type: 'object',
  properties: { [name]: shapeSchema(shape) },
  required: [name],
})

/** A reference to a schema of the document. */
export const named = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

export const list = <Value>(items: Typed<Value>, more: Schema = {}): Typed<readonly Value[]> => ({
  type: 'array',
  items,
  ...more,
})

export const constant = <const Value>(value: Value, more: Schema = {}): Typed<Value> => ({
  const: value,
  ...more,
})

export const flag = (description: string): Typed<boolean> => ({ type: 'boolean', description })

/** The row of a member that always has this value. */
export const fixed = <const Value>(value: Value): readonly [Typed<Value>, () => Value] => [
  constant(value),
  () => value,
]

export const choice = <const Value>(values: readonly Value[], more: Schema = {}): Typed<Value> => ({
  enum: values,
  ...more,
})

export const text = (more: Schema = {}): Typed<string> => ({ type: 'string', ...more })
export const fullText = (description?: string): Typed<string> =>
  text({ minLength: 1, ...(description && { description }) })
export const time = (description?: string): Typed<string> =>
  text({ format: 'date-time', ...(description && { description }) })

export const integer = (more: Schema = {}): Typed<number> => ({ type: 'integer', ...more })
export const count = (description?: string): Typed<number> =>
  integer({ minimum: 0, ...(description && { description }) })
