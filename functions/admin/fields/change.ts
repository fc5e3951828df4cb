import {
  addField,
  type FieldRefusal,
  removeField,
  switchField,
} from '../../../shared/domain/source/field-change.ts'
import { listSchemaFields, type SchemaField, toFieldId } from '../../../shared/domain/source/field-schema.ts'
import { NEW_FIELD } from '../../../shared/domain/source/fields-setting.ts'
import { checkShape } from '../../../shared/domain/source/shape.ts'
import type { FieldSchema } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { repeatLostRaces } from '../conditional-writes.ts'
import { badRequest, requireValid } from '../http/api-error.ts'
import { readObject } from '../http/body.ts'
import type { AdminRequest, Answer, Handler } from '../http/message.ts'
import { BUILTIN_IDS, fieldAnswer, findField, findUsedFields, readFieldId } from './read.ts'

/**
 * Changes the field schema by one conditional write, and repeats the change when other requests were faster. If `change`
 * returns the same schema, nothing is written. Throws ApiError 400 if it returns a refusal, 409, and what it throws.
 */
export const changeSchema = (
  ports: AdminPorts,
  change: (schema: FieldSchema) => FieldSchema | FieldRefusal,
) =>
  repeatLostRaces(async () => {
    const current = await ports.registry.fieldSchema()
    const changed = change(current)
    if ('code' in changed) throw badRequest(changed.code, changed.message)
    if (changed === current) return current
    const next = { ...changed, version: current.version + 1 }
    return (await ports.registry.replaceFieldSchema(next, current.version)) ? next : undefined
  })

export const createField: Handler = async (ports, request) => {
  const body = readObject(request, '{"fieldName":"…"}')
  const [{ values }] = requireValid(checkShape(body, NEW_FIELD, undefined))
  const field = { id: toFieldId(await ports.registry.nextId()), name: values.fieldName, enabled: true }
  await changeSchema(ports, schema => addField(schema, field))
  return fieldAnswer(field)
}

/** Changes the field that the path names. Throws ApiError 400 for a built-in field, 404. */
async function changeField(
  ports: AdminPorts,
  request: AdminRequest,
  change: (schema: FieldSchema, field: SchemaField) => FieldSchema | FieldRefusal,
): Promise<Answer> {
  const id = readFieldId(request)
  if (BUILTIN_IDS.has(id)) {
    throw badRequest('field:builtin', 'A built-in field can be neither disabled nor deleted.')
  }
  await changeSchema(ports, schema => change(schema, findField(listSchemaFields(schema), id)))
  return {}
}

export const enableField: Handler = (ports, request) =>
  changeField(ports, request, (schema, field) => switchField(schema, field, { enabled: true }))

export const disableField: Handler = (ports, request) =>
  changeField(ports, request, (schema, field) => switchField(schema, field, { enabled: false }))

/** Refused while a collector or source uses the field. */
export const deleteField: Handler = async (ports, request) => {
  const used = await findUsedFields(ports)
  return changeField(ports, request, (schema, field) => removeField(schema, field, used))
}
