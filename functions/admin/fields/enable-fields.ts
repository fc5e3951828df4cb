import { FIELD_QUOTA } from '../../../shared/contract/limits.ts'
import {
  findSameField,
  isDelivered,
  toFieldId,
  withField,
} from '../../../shared/domain/source/field-schema.ts'
import type { FieldSchema, Fields } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { type Faulty, requireValid } from '../http/api-error.ts'
import type { AdminRequest } from '../http/message.ts'
import { checkQuery, flag } from '../http/query.ts'
import { changeSchema, fieldQuotaExceeded } from './change.ts'

/** Our extension. */
export const AUTO_ENABLE = {
  autoEnableFields: flag(
    'Adds the fields that the schema lacks and enables those that are disabled. Else they are dropped at delivery.',
  ),
}

interface Settings {
  readonly faults?: never
  readonly settings: { readonly fields: Fields }
}

/**
 * Returns the settings that a request wants for a collector or a source, and the fields to enable for it. Throws ApiError
 * 400 that names all faults of the query and of the settings.
 */
export function readSettings<Wanted extends Settings>(request: AdminRequest, checked: Faulty | Wanted) {
  const [query, wanted] = requireValid(checkQuery(request, AUTO_ENABLE), checked)
  const { autoEnableFields } = query.values
  return { ...wanted, newFields: autoEnableFields ? Object.keys(wanted.settings.fields) : [] }
}

/** Adds or enables a field. Only a new field takes the id. Throws ApiError 400 if there is no room. */
function enableField(schema: FieldSchema, name: string, newId: string): FieldSchema {
  const field = findSameField(schema, name)
  if (!field && Object.keys(schema.fields).length >= FIELD_QUOTA) throw fieldQuotaExceeded()
  return withField(schema, { id: newId, name, ...field, enabled: true })
}

/**
 * Adds the fields that the schema lacks and enables those that it has disabled: all of them or none. Call it before the
 * collector or source is written. Throws ApiError 400 if they exceed the quota.
 */
export async function enableFields(ports: AdminPorts, names: readonly string[]): Promise<void> {
  const { registry } = ports
  if (names.length === 0) return
  const ids = new Map<string, string>()
  const schema = await registry.fieldSchema()
  for (const name of names.filter(candidate => !isDelivered(schema, candidate))) {
    ids.set(name, toFieldId(await registry.nextId()))
  }
  if (ids.size === 0) return
  await changeSchema(ports, current => {
    const missing = [...ids].filter(([name]) => !isDelivered(current, name))
    return missing.reduce((changed, [name, id]) => enableField(changed, name, id), current)
  })
}
