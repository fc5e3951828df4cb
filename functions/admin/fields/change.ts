import { withField, withoutField } from '../../../shared/domain/source/field-schema.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { type AdminHandler, empty } from '../http/message.ts'
import { changeSchema } from './change-schema.ts'
import { fieldInUse } from './field-error.ts'
import { changeableField, fieldIdParameter } from './find.ts'
import { usedFields } from './used.ts'

/** PUT /fields/{fieldId}/enable and DELETE /fields/{fieldId}/disable: no body; repeating them changes nothing. */
export const switchField =
  (ports: AdminPorts, enabled: boolean): AdminHandler =>
  async request => {
    const id = fieldIdParameter(request)
    await changeSchema(ports, schema => {
      const field = changeableField(schema, id)
      return field.enabled === enabled ? schema : withField(schema, { ...field, enabled })
    })
    return empty(204)
  }

/** DELETE /fields/{fieldId}: refused while a collector or source refers to it. */
export const deleteField =
  (ports: AdminPorts): AdminHandler =>
  async request => {
    const id = fieldIdParameter(request)
    const used = await usedFields(ports)
    await changeSchema(ports, schema => {
      const { name } = changeableField(schema, id)
      if (used.has(name)) throw fieldInUse()
      return withoutField(schema, name)
    })
    return empty(204)
  }
