/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 has it. */
export type Schema = Readonly<Record<string, unknown>>

export const schemaRef = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

type Members = Readonly<Record<string, Schema>>

/** An object in an answer: these members, all of them but the optional, and no others. */
export const answered = (properties: Members, optional: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter(name => !optional.includes(name)),
  additionalProperties: false,
})

/** An object in a request: other members are ignored. */
export const given = (properties: Members, required: readonly string[]): Schema => ({
  type: 'object',
  properties,
  required,
})

export const listOf = (items: Schema): Schema => ({ type: 'array', items })

/** What a client may leave out, or send as null, which is the same. */
export const orNull = (schema: Schema): Schema => ({ ...schema, type: [schema['type'], 'null'] })
