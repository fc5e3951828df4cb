import { FIELD_QUOTA } from '../../contract/limits.ts'
import { isBuiltin } from './field-name.ts'
import { findSameField, isDelivered, type SchemaField, withField, withoutField } from './field-schema.ts'
import type { FieldSchema } from './source.ts'

/** Why the field schema cannot be changed, in the words of the API. */
export interface FieldRefusal {
  readonly code: string
  readonly message: string
}

/** The schema after a change. If nothing has changed, it is the same object. */
type Changed = FieldSchema | FieldRefusal

const QUOTA_EXCEEDED: FieldRefusal = {
  code: 'field:quota_exceeded',
  message: `There can be at most ${FIELD_QUOTA} fields. Delete some that are not used.`,
}

const IN_USE: FieldRefusal = {
  code: 'field:in_use',
  message: 'A collector or a source refers to the field. Remove it there first.',
}

/** Returns how many more fields there may be. An older schema may have more than the quota. */
export const remainingFields = ({ fields }: FieldSchema): number =>
  Math.max(0, FIELD_QUOTA - Object.keys(fields).length)

function fieldExists(present: SchemaField, wanted: SchemaField): FieldRefusal {
  // the original's own text
  const text = 'Field with the given name already exists'
  const addition = present.name === wanted.name ? '' : `: ${present.name}. Case does not count.`
  return { code: 'field:already_exists', message: `${text}${addition}` }
}

/** Adds a field, if no other has its name. Case does not count. */
export function addField(schema: FieldSchema, field: SchemaField): Changed {
  const present = isBuiltin(field.name) ? field : findSameField(schema, field.name)
  if (present) return fieldExists(present, field)
  return remainingFields(schema) === 0 ? QUOTA_EXCEEDED : withField(schema, field)
}

/** Enables or disables a field. */
export const switchField = (
  schema: FieldSchema,
  field: SchemaField,
  { enabled }: Pick<SchemaField, 'enabled'>,
): Changed => (field.enabled === enabled ? schema : withField(schema, { ...field, enabled }))

/** A field stays as long as one of the names that collectors and sources use means it. */
export function removeField(schema: FieldSchema, { name }: SchemaField, used: ReadonlySet<string>): Changed {
  const isUsed = [...used].some(user => findSameField(schema, user)?.name === name)
  return isUsed ? IN_USE : withoutField(schema, name)
}

/**
 * Adds the fields that the schema lacks and enables those that it has disabled: all of them or none. Only a new field
 * takes the id that stands with its name.
 */
export function deliverFields(schema: FieldSchema, newIds: ReadonlyMap<string, string>): Changed {
  let changed = schema
  for (const [name, id] of newIds) {
    if (isDelivered(changed, name)) continue
    const field = findSameField(changed, name)
    if (!field && remainingFields(changed) === 0) return QUOTA_EXCEEDED
    changed = withField(changed, { id, name, ...field, enabled: true })
  }
  return changed
}
