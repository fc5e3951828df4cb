import { BUILTIN_FIELDS, type SchemaField, schemaFields } from '../../../shared/domain/source/field-schema.ts'
import type { FieldSchema } from '../../../shared/domain/source/source.ts'
import type { AdminRequest } from '../http/message.ts'
import { fieldBuiltin, fieldNotFound } from './field-error.ts'

const ID = /^[0-9A-F]{16}$/i

/** The id in the path, as we write ids. */
export function fieldIdParameter(request: AdminRequest): string {
  const id = request.pathParameters?.['fieldId'] ?? ''
  if (!ID.test(id)) throw fieldNotFound()
  return id.toUpperCase()
}

const isBuiltinId = (id: string): boolean => BUILTIN_FIELDS.some(field => field.id === id)

/** Throws ApiError 404. */
export function fieldOf(fields: readonly SchemaField[], id: string): SchemaField {
  const field = fields.find(candidate => candidate.id === id)
  if (!field) throw fieldNotFound()
  return field
}

/** The same for a field that is to be changed. Throws ApiError 400 for one that is built in, 404. */
export function changeableField(schema: FieldSchema, id: string): SchemaField {
  if (isBuiltinId(id)) throw fieldBuiltin()
  return fieldOf(schemaFields(schema), id)
}
