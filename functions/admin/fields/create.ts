import { FIELD_QUOTA } from '../../../shared/contract/limits.ts'
import {
  fieldIdOf,
  fieldNamed,
  isBuiltin,
  type SchemaField,
  withField,
} from '../../../shared/domain/source/field-schema.ts'
import { findFieldNameFault } from '../../../shared/domain/source/fields-setting.ts'
import {
  type JsonObject,
  memberOf,
  type RequestSection,
  refuse,
} from '../../../shared/domain/source/request-section.ts'
import type { FieldSchema } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { invalid } from '../http/api-error.ts'
import { readObject } from '../http/body.ts'
import type { AdminHandler } from '../http/message.ts'
import { changeSchema } from './change-schema.ts'
import { fieldExists, fieldQuotaExceeded } from './field-error.ts'
import { fieldAnswer } from './present.ts'

const NAME_CODE = 'field:invalid_name'

/** Terraform sends all members of a field, empty: those beside the name are ignored. Throws ApiError 400. */
function nameOf(body: JsonObject): string {
  const section: RequestSection = { path: '', values: body, faults: [] }
  const name = memberOf(section, 'fieldName')
  const fault = typeof name === 'string' ? findFieldNameFault(name) : undefined
  if (typeof name === 'string' && fault === undefined) return name
  refuse(section, 'fieldName', fault ?? 'is required: the name of the field, a string', NAME_CODE)
  throw invalid(section.faults)
}

function added(schema: FieldSchema, field: SchemaField): FieldSchema {
  if (isBuiltin(field.name) || fieldNamed(schema, field.name)) throw fieldExists()
  if (Object.keys(schema.fields).length >= FIELD_QUOTA) throw fieldQuotaExceeded()
  return withField(schema, field)
}

/** POST /fields */
export const createField =
  ({ registry }: AdminPorts): AdminHandler =>
  async request => {
    const name = nameOf(readObject(request, '{"fieldName":"…"}'))
    const field = { id: fieldIdOf(await registry.nextId()), name, enabled: true }
    await changeSchema({ registry }, schema => added(schema, field))
    return fieldAnswer(field)
  }
