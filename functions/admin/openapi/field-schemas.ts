import { answered, given, listOf, schemaRef } from './schema.ts'

const FIELD_NAME = { type: 'string', minLength: 1, maxLength: 255 }

export const FIELD_SCHEMAS = {
  Field: answered({
    fieldName: FIELD_NAME,
    fieldId: { type: 'string', pattern: '^[0-9A-F]{16}$' },
    dataType: { const: 'String' },
    state: { enum: ['Enabled', 'Disabled'] },
  }),
  FieldList: answered({ data: listOf(schemaRef('Field')) }),
  DroppedFieldList: answered({ data: listOf(answered({ fieldName: FIELD_NAME })) }),
  FieldQuota: answered({
    quota: { type: 'integer', minimum: 0 },
    remaining: { type: 'integer', minimum: 0 },
  }),
  NewField: given({ fieldName: FIELD_NAME }, ['fieldName']),
}
