import { FIELD_NAME_SCHEMA } from '../../../shared/domain/source/fields-setting.ts'
import { shapeSchema } from '../../../shared/domain/source/shape.ts'
import { NEW_FIELD } from '../fields/change.ts'
import { COLLECTOR_SCHEMAS } from './collector-schemas.ts'
import { HEALTH_SCHEMAS } from './health-schemas.ts'
import { answered, constant, count, fullText, integer, listOf, named, oneOf, text } from './schema.ts'
import { SOURCE_SCHEMAS } from './source-schemas.ts'
import { TASK_SCHEMAS } from './task-schemas.ts'

const FIELD_NAME = text(FIELD_NAME_SCHEMA)

export const FIELD = answered({
  fieldName: FIELD_NAME,
  fieldId: text({ pattern: '^[0-9A-F]{16}$' }),
  dataType: constant('String'),
  state: oneOf(['Enabled', 'Disabled']),
})

const ID = text({
  pattern: '^[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}$',
  description: 'Names this answer; the log has it too.',
})

const CODE = fullText({ description: 'For programs.' })
const MESSAGE = fullText({ description: 'For people.' })

const FAULT = answered({
  field: text({ description: 'Path of the member or parameter, e.g. config.base_url.' }),
  message: MESSAGE,
})

const FIELD_SCHEMAS = {
  Field: FIELD,
  FieldList: answered({ data: listOf(named('Field', FIELD)) }),
  DroppedFieldList: answered({ data: listOf(answered({ fieldName: FIELD_NAME })) }),
  FieldQuota: answered({ quota: count(), remaining: count() }),
  NewField: shapeSchema(NEW_FIELD),
}

const ERROR_SCHEMAS = {
  Error: answered({
    status: integer({ minimum: 400, maximum: 599 }),
    id: ID,
    code: CODE,
    message: MESSAGE,
    'faults?': listOf(FAULT, { minItems: 1, description: 'Every fault of the request by itself.' }),
  }),
  ErrorList: answered({
    id: ID,
    errors: listOf(answered({ code: CODE, message: MESSAGE }), { minItems: 1 }),
  }),
}

/** The schemas of the document by name. */
export const SCHEMAS = {
  ...COLLECTOR_SCHEMAS,
  ...SOURCE_SCHEMAS,
  ...TASK_SCHEMAS,
  ...FIELD_SCHEMAS,
  ...HEALTH_SCHEMAS,
  ...ERROR_SCHEMAS,
  Description: { type: 'object' },
}

export type SchemaName = keyof typeof SCHEMAS
