import { type ResolvedShape, resolveShape } from './resolve-schema.ts'
import type { CutAttribute, SchemaCut } from './schema-cut.ts'

/** A JSON schema. Its keywords `deprecated-since`, `at-least-one`, `just-one`, `siblings` and `cut-off` are our own. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** How an id and the text beside it belong together. */
export interface Sibling {
  readonly text: string
  readonly captions: Readonly<Record<string, string>>
}

const PRIMITIVES: Readonly<Record<string, JsonSchema>> = {
  boolean_t: { type: 'boolean' },
  float_t: { type: 'number' },
  integer_t: { type: 'integer' },
  json_t: {},
  long_t: { type: 'integer' },
  string_t: { type: 'string' },
}

function compileType({ types }: SchemaCut, name: string): JsonSchema | undefined {
  const { type, regex, max_len: maxLength, range } = types[name] ?? {}
  const primitive = PRIMITIVES[type ?? name]
  if (!primitive) return undefined
  return {
    ...primitive,
    ...(regex !== undefined && { pattern: regex }),
    ...(maxLength !== undefined && { maxLength }),
    ...(range && { minimum: range[0], maximum: range[1] }),
  }
}

/** The type `object` without a definition is any object: `unmapped`. */
function compileValue(schema: SchemaCut, { type = '', enum: values }: CutAttribute): JsonSchema {
  if (type === 'object') return { type: 'object' }
  const primitive = compileType(schema, type)
  if (!primitive) return schema.objects[type] ? { $ref: `#/definitions/${type}` } : { 'cut-off': type }
  if (!values) return primitive
  return { enum: primitive['type'] === 'integer' ? Object.keys(values).map(Number) : Object.keys(values) }
}

function compileAttribute(schema: SchemaCut, attribute: CutAttribute): JsonSchema {
  if (attribute.deprecated !== undefined) return { 'deprecated-since': attribute.deprecated }
  const value = compileValue(schema, attribute)
  return attribute.is_array ? { type: 'array', items: value } : value
}

function findSiblings({ attributes }: ResolvedShape): Record<string, Sibling> {
  const siblings = Object.entries(attributes).flatMap(([name, { sibling, enum: captions }]) =>
    sibling !== undefined && captions && sibling in attributes
      ? [[name, { text: sibling, captions }] as const]
      : [],
  )
  return Object.fromEntries(siblings)
}

/** A profile's attributes are known only to an event that names the profile. */
function compileShape(schema: SchemaCut, shape: ResolvedShape, profiles: readonly string[]): JsonSchema {
  const known = Object.entries(shape.attributes).filter(
    ([, { profile = null }]) => profile === null || profiles.includes(profile),
  )
  const { at_least_one: atLeastOne, just_one: justOne } = shape.constraints
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(known.map(([name, each]) => [name, compileAttribute(schema, each)])),
    required: known.filter(([, { requirement }]) => requirement === 'required').map(([name]) => name),
    siblings: findSiblings(shape),
    ...(atLeastOne && { 'at-least-one': atLeastOne }),
    ...(justOne && { 'just-one': justOne }),
  }
}

/** Compiles the rules for the events of a class that name these profiles. */
export function compileClass(schema: SchemaCut, name: string, profiles: readonly string[]): JsonSchema {
  const definitions = Object.keys(schema.objects).map(
    object => [object, compileShape(schema, resolveShape(schema, object), profiles)] as const,
  )
  return {
    ...compileShape(schema, resolveShape(schema, name), profiles),
    definitions: Object.fromEntries(definitions),
  }
}
