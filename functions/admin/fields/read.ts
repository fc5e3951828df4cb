import { FIELD_QUOTA } from '../../../shared/contract/limits.ts'
import { remainingFields } from '../../../shared/domain/source/field-change.ts'
import {
  BUILTIN_FIELDS,
  isDelivered,
  listSchemaFields,
  type SchemaField,
} from '../../../shared/domain/source/field-schema.ts'
import { FIELD_NAME_SCHEMA } from '../../../shared/domain/source/fields-setting.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { fieldNotFound } from '../http/api-error.ts'
import { createEntityTag } from '../http/entity-tag.ts'
import { listAnswer } from '../http/list-answer.ts'
import type { AdminRequest, Answer, Handler } from '../http/message.ts'
import { readQuery, WINDOW } from '../http/query.ts'
import { choice, fixed, text } from '../openapi/schema.ts'
import { view } from '../openapi/view.ts'

/** Returns the id in the path, in upper case. Throws ApiError 404. */
export function readFieldId(request: AdminRequest): string {
  const id = request.pathParameters?.['fieldId'] ?? ''
  if (!/^[0-9A-F]{16}$/i.test(id)) throw fieldNotFound()
  return id.toUpperCase()
}

/** Throws ApiError 404. */
export function findField(fields: readonly SchemaField[], id: string): SchemaField {
  const field = fields.find(candidate => candidate.id === id)
  if (!field) throw fieldNotFound()
  return field
}

export const BUILTIN_IDS: ReadonlySet<string> = new Set(BUILTIN_FIELDS.map(({ id }) => id))

/** The names of all fields that a collector, or a source that is not being deleted, sets. */
export async function findUsedFields({ registry }: AdminPorts): Promise<ReadonlySet<string>> {
  const collectors = await registry.collectors()
  const sources = (await Promise.all(collectors.map(({ id }) => registry.sources(id)))).flat()
  const owners = [...collectors, ...sources.filter(({ stopping }) => !stopping)]
  return new Set(owners.flatMap(({ fields }) => Object.keys(fields)))
}

/** As docs/reference/management-api.md, "Fields" shows a field. */
export const FIELD = view<SchemaField>()({
  fieldName: [text(FIELD_NAME_SCHEMA), ({ name }) => name],
  fieldId: [text({ pattern: '^[0-9A-F]{16}$' }), ({ id }) => id],
  dataType: fixed('String'),
  state: [choice(['Enabled', 'Disabled']), ({ enabled }) => (enabled ? 'Enabled' : 'Disabled')],
})

export function fieldAnswer(field: SchemaField): Answer {
  const presented = FIELD.present(field)
  return { body: presented, headers: { etag: createEntityTag(presented) } }
}

const fieldList = (fields: readonly SchemaField[]): Answer => ({ body: { data: fields.map(FIELD.present) } })

export const listFields: Handler = async ({ registry }) =>
  fieldList(listSchemaFields(await registry.fieldSchema()))

export const getField: Handler = async ({ registry }, request) => {
  const id = readFieldId(request)
  return fieldAnswer(findField(listSchemaFields(await registry.fieldSchema()), id))
}

export const listBuiltinFields: Handler = async () => fieldList(BUILTIN_FIELDS)

export const getBuiltinField: Handler = async (_, request) =>
  fieldAnswer(findField(BUILTIN_FIELDS, readFieldId(request)))

/** Lists the fields that collectors and sources set and that no event carries: the schema lacks or disables them. */
export const listDroppedFields: Handler = async (ports, request) => {
  const window = readQuery(request, WINDOW)
  const [used, schema] = await Promise.all([findUsedFields(ports), ports.registry.fieldSchema()])
  return listAnswer(request, {
    items: [...used].filter(name => !isDelivered(schema, name)).sort(),
    window,
    present: fieldName => ({ fieldName }),
    toBody: data => ({ data }),
  })
}

export const getFieldQuota: Handler = async ({ registry }) => {
  const schema = await registry.fieldSchema()
  return { body: { quota: FIELD_QUOTA, remaining: remainingFields(schema) } }
}
