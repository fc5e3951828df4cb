import { FIELD_QUOTA } from '../../../shared/contract/limits.ts'
import { BUILTIN_FIELDS, schemaFields } from '../../../shared/domain/source/field-schema.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { type AdminHandler, json } from '../http/message.ts'
import { fieldIdParameter, fieldOf } from './find.ts'
import { fieldAnswer, presentField } from './present.ts'

/** GET /fields */
export const listFields =
  ({ registry }: AdminPorts): AdminHandler =>
  async () =>
    json(200, { data: schemaFields(await registry.fieldSchema()).map(presentField) })

/** GET /fields/{fieldId}; and …/enable, which Terraform reads before it puts there. */
export const getField =
  ({ registry }: AdminPorts): AdminHandler =>
  async request => {
    const id = fieldIdParameter(request)
    return fieldAnswer(fieldOf(schemaFields(await registry.fieldSchema()), id))
  }

/** GET /fields/builtin */
export const listBuiltinFields: AdminHandler = async () =>
  json(200, { data: BUILTIN_FIELDS.map(presentField) })

/** GET /fields/builtin/{fieldId} */
export const getBuiltinField: AdminHandler = async request =>
  fieldAnswer(fieldOf(BUILTIN_FIELDS, fieldIdParameter(request)))

/** GET /fields/quota */
export const fieldQuota =
  ({ registry }: AdminPorts): AdminHandler =>
  async () => {
    const { fields } = await registry.fieldSchema()
    return json(200, { quota: FIELD_QUOTA, remaining: Math.max(0, FIELD_QUOTA - Object.keys(fields).length) })
  }
