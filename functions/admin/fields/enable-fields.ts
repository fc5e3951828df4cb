import { FIELD_QUOTA } from '../../../shared/contract/limits.ts'
import { fieldIdOf, fieldNamed, isDelivered, withField } from '../../../shared/domain/source/field-schema.ts'
import type { FieldSchema } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { changeSchema } from './change-schema.ts'
import { fieldQuotaExceeded } from './field-error.ts'

/** The field's entry enabled; new ones take the id. Throws ApiError 400 if there is no room. */
function enabled(schema: FieldSchema, name: string, newId: string): FieldSchema {
  const field = fieldNamed(schema, name)
  if (!field && Object.keys(schema.fields).length >= FIELD_QUOTA) throw fieldQuotaExceeded()
  return withField(schema, { id: newId, ...field, name, enabled: true })
}

/**
 * Adds the fields that the schema lacks and enables those that it has disabled, all or none: what autoEnableFields=true
 * asks for. To be called before the collector or source is written. Throws ApiError 400 if they exceed the quota.
 */
export async function enableFields(
  { registry }: Pick<AdminPorts, 'registry'>,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return
  const ids = new Map<string, string>()
  const schema = await registry.fieldSchema()
  for (const name of names.filter(candidate => !isDelivered(schema, candidate))) {
    ids.set(name, fieldIdOf(await registry.nextId()))
  }
  if (ids.size === 0) return
  await changeSchema({ registry }, current => {
    const missing = [...ids].filter(([name]) => !isDelivered(current, name))
    return missing.reduce((changed, [name, id]) => enabled(changed, name, id), current)
  })
}
