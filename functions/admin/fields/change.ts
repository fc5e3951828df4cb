import { FIELD_QUOTA } from '../../../shared/contract/limits.ts'
import { isBuiltin } from '../../../shared/domain/source/field-name.ts'
import {
  findSameField,
  type SchemaField,
  toFieldId,
  withField,
  withoutField,
} from '../../../shared/domain/source/field-schema.ts'
import { NEW_FIELD } from '../../../shared/domain/source/fields-setting.ts'
import { checkShape } from '../../../shared/domain/source/shape.ts'
import type { FieldSchema } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { repeatLostRaces } from '../conditional-writes.ts'
import { type ApiError, badRequest, requireValid } from '../http/api-error.ts'
import { readObject } from '../http/body.ts'
import { empty, type Handler } from '../http/message.ts'
import { BUILTIN_IDS, fieldAnswer, findField, findUsedFields, readFieldId } from './read.ts'

export const fieldQuotaExceeded = (): ApiError =>
  badRequest(
    'field:quota_exceeded',
    `There can be at most ${FIELD_QUOTA} fields. Delete some that are not used.`,
  )

/**
 * Changes the field schema by one conditional write, and repeats the change when other requests were faster. If `change`
 * returns the same schema, nothing is written. Throws ApiError 409 if others are always faster, and what `change` throws.
 */
export const changeSchema = ({ registry }: AdminPorts, change: (schema: FieldSchema) => FieldSchema) =>
  repeatLostRaces(async () => {
    const current = await registry.fieldSchema()
    const changed = change(current)
    if (changed === current) return current
    const next = { ...changed, version: current.version + 1 }
    return (await registry.replaceFieldSchema(next, current.version)) ? next : undefined
  })

function fieldExists(present: SchemaField, wanted: SchemaField): ApiError {
  // the original's own text
  const text = 'Field with the given name already exists'
  const addition = present.name === wanted.name ? '' : `: ${present.name}. Case does not count.`
  return badRequest('field:already_exists', `${text}${addition}`)
}

function addField(schema: FieldSchema, field: SchemaField): FieldSchema {
  const present = isBuiltin(field.name) ? field : findSameField(schema, field.name)
  if (present) throw fieldExists(present, field)
  if (Object.keys(schema.fields).length >= FIELD_QUOTA) throw fieldQuotaExceeded()
  return withField(schema, field)
}

export const createField: Handler = async (ports, request) => {
  const [{ values }] = requireValid(
    checkShape(readObject(request, '{"fieldName":"…"}'), NEW_FIELD, undefined),
  )
  const field = { id: toFieldId(await ports.registry.nextId()), name: values.fieldName, enabled: true }
  await changeSchema(ports, schema => addField(schema, field))
  return fieldAnswer(field)
}

/** Throws ApiError 400 for a built-in field, 404. */
function findChangeableField(schema: FieldSchema, id: string): SchemaField {
  if (BUILTIN_IDS.has(id)) {
    throw badRequest('field:builtin', 'A built-in field can be neither disabled nor deleted.')
  }
  return findField(schema, id)
}

const switchField =
  ({ enabled }: Pick<SchemaField, 'enabled'>): Handler =>
  async (ports, request) => {
    const id = readFieldId(request)
    await changeSchema(ports, schema => {
      const field = findChangeableField(schema, id)
      return field.enabled === enabled ? schema : withField(schema, { ...field, enabled })
    })
    return empty(204)
  }

export const enableField = switchField({ enabled: true })
export const disableField = switchField({ enabled: false })

/** Refused while a collector or source uses the field. */
export const deleteField: Handler = async (ports, request) => {
  const id = readFieldId(request)
  const used = await findUsedFields(ports)
  await changeSchema(ports, schema => {
    const { name } = findChangeableField(schema, id)
    const isUsed = [...used].some(user => findSameField(schema, user)?.name === name)
    if (!isUsed) return withoutField(schema, name)
    throw badRequest('field:in_use', 'A collector or a source refers to the field. Remove it there first.')
  })
  return empty(204)
}
