import type { Route, RouteGroup } from '../http/route.ts'
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

const FOUND = { status: 200, description: 'The field.', schema: 'Field', tagged: true } as const

const CHANGED: Pick<Route, 'success' | 'refusals'> = {
  success: { status: 204, description: 'It is done. No body.' },
  refusals: [400, 409],
}

export const FIELDS: RouteGroup = {
  name: 'Fields',
  description: 'The metadata that events may carry.',
  routes: {
    listFields: {
      call: 'GET /fields',
      handler: listFields,
      summary: 'The fields of the schema',
      success: { status: 200, schema: 'FieldList' },
    },
    createField: {
      call: 'POST /fields',
      handler: createField,
      summary: 'Add a field to the schema',
      body: { schema: 'NewField', example: { fieldName: 'team' } },
      success: { ...FOUND, description: 'The new field, enabled.' },
      refusals: [409],
    },
    listBuiltinFields: {
      call: 'GET /fields/builtin',
      handler: listBuiltinFields,
      summary: 'The fields that are always there',
      success: { status: 200, schema: 'FieldList' },
    },
    getBuiltinField: {
      call: 'GET /fields/builtin/{fieldId}',
      handler: getBuiltinField,
      summary: 'Get a field that is always there',
      success: FOUND,
    },
    listDroppedFields: {
      call: 'GET /fields/dropped',
      handler: listDroppedFields,
      summary: 'The fields that are set and not delivered',
      success: { status: 200, schema: 'DroppedFieldList' },
    },
    getFieldQuota: {
      call: 'GET /fields/quota',
      handler: getFieldQuota,
      summary: 'How many fields there may be',
      success: { status: 200, schema: 'FieldQuota' },
    },
    getField: { call: `GET ${ONE}`, handler: getField, summary: 'Get a field', success: FOUND },
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
      success: FOUND,
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
