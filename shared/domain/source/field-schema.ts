import { BUILTIN_NAMES, isServiceField, toFieldKey } from './field-name.ts'
import type { FieldSchema, Fields } from './source.ts'

export interface SchemaField {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
}

/**
 * As in docs/reference/management-api.md, "Fields"; ids of collectors, sources and custom fields begin far above
 * these.
 */
export const BUILTIN_FIELDS: readonly SchemaField[] = BUILTIN_NAMES.map((name, index) => ({
  id: toFieldId(index + 1),
  name,
  enabled: true,
}))

/** Returns 16 upper-case hex digits. */
export function toFieldId(id: number): string {
  return id.toString(16).toUpperCase().padStart(16, '0')
}

const findEntry = ({ fields }: FieldSchema, name: string) =>
  Object.hasOwn(fields, name) ? fields[name] : undefined

/** Tells whether events carry the field. If there is an entry in the schema it decides, also for `_siem…`. */
export const isDelivered = (schema: FieldSchema, name: string): boolean =>
  findSameField(schema, name)?.enabled ?? isServiceField(name)

/** The fields that events carry. */
export const deliveredFields = (schema: FieldSchema, fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => isDelivered(schema, name)))

/** Sorted by name, as every list of fields is. */
export const listSchemaFields = ({ fields }: FieldSchema): readonly SchemaField[] =>
  Object.entries(fields)
    .map(([name, field]) => ({ name, ...field }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))

export const findFieldByName = (schema: FieldSchema, name: string): SchemaField | undefined => {
  const field = findEntry(schema, name)
  return field && { name, ...field }
}

/** Case does not count. An older schema may have two such fields: then the one that is spelt like this is meant. */
export const findSameField = (schema: FieldSchema, name: string): SchemaField | undefined =>
  findFieldByName(schema, name) ??
  listSchemaFields(schema).find(field => toFieldKey(field.name) === toFieldKey(name))

/** Returns the schema with this field. It replaces a field with the same name. */
export const withField = (schema: FieldSchema, { name, id, enabled }: SchemaField): FieldSchema => ({
  ...schema,
  fields: Object.fromEntries([...Object.entries(schema.fields), [name, { id, enabled }]]),
})

export const withoutField = (schema: FieldSchema, name: string): FieldSchema => ({
  ...schema,
  fields: Object.fromEntries(Object.entries(schema.fields).filter(([other]) => other !== name)),
})
