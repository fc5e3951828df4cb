import { deliverFields } from '../../../shared/domain/source/field-change.ts'
import { isDelivered, toFieldId } from '../../../shared/domain/source/field-schema.ts'
import type { Fields } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { type Faulty, requireValid } from '../http/api-error.ts'
import type { AdminRequest } from '../http/message.ts'
import { checkQuery, flag } from '../http/query.ts'
import { changeSchema } from './change.ts'

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

/**
 * Makes fields be delivered that the schema lacks or disables: all of them or none. Call it before the collector or source
 * is written. Throws ApiError 400 if they exceed the quota.
 */
export async function enableFields(ports: AdminPorts, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const { registry } = ports
  const newIds = new Map<string, string>()
  const schema = await registry.fieldSchema()
  for (const name of names.filter(candidate => !isDelivered(schema, candidate))) {
    newIds.set(name, toFieldId(await registry.nextId()))
  }
  await changeSchema(ports, current => deliverFields(current, newIds))
}
