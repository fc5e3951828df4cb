import { empty, listedFailures, NOT_MODIFIED, OF_BODY, plain, tagged } from './answers.ts'
import { bodyOf, type Operation, type Paths } from './operation.ts'
import { FIELD_ID, IF_NONE_MATCH } from './parameters.ts'
import { schemaRef } from './schema.ts'

const tags: readonly [string] = ['Fields']

const FIELD = schemaRef('Field')

const getOne = (operationId: string, summary: string): Operation => ({
  operationId,
  tags,
  summary,
  parameters: [FIELD_ID, IF_NONE_MATCH],
  responses: { 200: tagged('The field.', FIELD), ...NOT_MODIFIED, ...listedFailures(404) },
})

const change = (operationId: string, summary: string): Operation => ({
  operationId,
  tags,
  summary,
  parameters: [FIELD_ID],
  responses: { 204: empty('It is done. No body.'), ...listedFailures(400, 404, 409) },
})

const list = (operationId: string, summary: string, schema: string): Operation => ({
  operationId,
  tags,
  summary,
  responses: { 200: plain(`${summary}.`, schemaRef(schema)), ...listedFailures() },
})

export const FIELD_PATHS: Paths = {
  '/fields': {
    get: list('listFields', 'The fields of the schema', 'FieldList'),
    post: {
      operationId: 'createField',
      tags,
      summary: 'Add a field to the schema',
      requestBody: bodyOf(schemaRef('NewField'), { fieldName: 'team' }),
      responses: { 200: tagged('The new field, enabled.', FIELD), ...listedFailures(...OF_BODY, 409) },
    },
  },
  '/fields/builtin': { get: list('listBuiltinFields', 'The fields that are always there', 'FieldList') },
  '/fields/builtin/{fieldId}': { get: getOne('getBuiltinField', 'Get a field that is always there') },
  '/fields/dropped': {
    get: list('listDroppedFields', 'The fields that are set and not delivered', 'DroppedFieldList'),
  },
  '/fields/quota': { get: list('getFieldQuota', 'How many fields there may be', 'FieldQuota') },
  '/fields/{fieldId}': {
    get: getOne('getField', 'Get a field'),
    delete: change('deleteField', 'Remove a field from the schema: refused while it is in use'),
  },
  '/fields/{fieldId}/enable': {
    get: getOne('getFieldToEnable', 'Get a field: some clients ask here before they enable it'),
    put: change('enableField', 'Enable a field'),
  },
  '/fields/{fieldId}/disable': {
    delete: change('disableField', 'Disable a field: it is dropped at delivery'),
  },
}
