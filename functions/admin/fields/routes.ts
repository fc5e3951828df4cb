import type { RouteGroup } from '../http/route.ts'
import { createField, deleteField, disableField, enableField } from './change.ts'
import {
  getBuiltinField,
  getField,
  getFieldQuota,
  listBuiltinFields,
  listDroppedFields,
  listFields,
} from './read.ts'

const ONE = '/fields/{fieldId}'

const FIELD = { answer: 'Field', tagged: true } as const

const CHANGED = { status: 204, refusals: [400, 409] } as const

export const FIELDS: RouteGroup = {
  name: 'Fields',
  description: 'The metadata that events may carry.',
  routes: {
    listFields: {
      call: 'GET /fields',
      handler: listFields,
      summary: 'The fields of the schema',
      answer: 'FieldList',
    },
    createField: {
      call: 'POST /fields',
      handler: createField,
      summary: 'Add a field to the schema, enabled',
      body: { schema: 'NewField', example: { fieldName: 'team' } },
      refusals: [409],
      ...FIELD,
    },
    listBuiltinFields: {
      call: 'GET /fields/builtin',
      handler: listBuiltinFields,
      summary: 'The fields that are always there',
      answer: 'FieldList',
    },
    getBuiltinField: {
      call: 'GET /fields/builtin/{fieldId}',
      handler: getBuiltinField,
      summary: 'Get a field that is always there',
      ...FIELD,
    },
    listDroppedFields: {
      call: 'GET /fields/dropped',
      handler: listDroppedFields,
      summary: 'The fields that are set and not delivered',
      answer: 'DroppedFieldList',
    },
    getFieldQuota: {
      call: 'GET /fields/quota',
      handler: getFieldQuota,
      summary: 'How many fields there may be',
      answer: 'FieldQuota',
    },
    getField: { call: `GET ${ONE}`, handler: getField, summary: 'Get a field', ...FIELD },
    deleteField: {
      call: `DELETE ${ONE}`,
      handler: deleteField,
      summary: 'Remove a field from the schema: refused while it is in use',
      ...CHANGED,
    },
    getFieldToEnable: {
      call: `GET ${ONE}/enable`,
      handler: getField,
      summary: 'Get a field: some clients ask here before they enable it',
      ...FIELD,
    },
    enableField: { call: `PUT ${ONE}/enable`, handler: enableField, summary: 'Enable a field', ...CHANGED },
    disableField: {
      call: `DELETE ${ONE}/disable`,
      handler: disableField,
      summary: 'Disable a field: it is dropped at delivery',
      ...CHANGED,
    },
  },
}
