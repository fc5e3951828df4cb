import type { SchemaField } from '../../../shared/domain/source/field-schema.ts'
import { etagOf } from '../http/etag.ts'
import { type AdminResult, entity } from '../http/message.ts'

/** As reference/sumo-api §5 shows it. */
export const presentField = ({ id, name, enabled }: SchemaField) => ({
  fieldName: name,
  fieldId: id,
  dataType: 'String',
  state: enabled ? 'Enabled' : 'Disabled',
})

export const fieldAnswer = (field: SchemaField): AdminResult => {
  const presented = presentField(field)
  return entity(200, presented, etagOf(presented))
}
