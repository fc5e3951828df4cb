import { WINDOW } from '../http/query.ts'
import { get, post, put, type RouteGroup, remove } from '../http/route.ts'
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

const FIELD = { answer: 'Field', tagged: 'configuration' } as const

const CHANGED = { status: 204, mayBeWrong: true } as const

export const FIELDS: RouteGroup = {
  name: 'Fields',
  description: 'The metadata that events may carry.',
  routes: {
    listFields: get('/fields', listFields, 'The fields of the schema', { answer: 'FieldList' }),
    createField: post('/fields', createField, 'Add a field to the schema, enabled', {
      body: { schema: 'NewField', example: { fieldName: 'team' } },
      ...FIELD,
    }),
    listBuiltinFields: get('/fields/builtin', listBuiltinFields, 'The fields that are always there', {
      answer: 'FieldList',
    }),
    getBuiltinField: get(
      '/fields/builtin/{fieldId}',
      getBuiltinField,
      'Get a field that is always there',
      FIELD,
    ),
    listDroppedFields: get(
      '/fields/dropped',
      listDroppedFields,
      'The fields that are set and not delivered',
      { query: WINDOW, answer: 'DroppedFieldList' },
    ),
    getFieldQuota: get('/fields/quota', getFieldQuota, 'How many fields there may be', {
      answer: 'FieldQuota',
    }),
    getField: get(ONE, getField, 'Get a field', FIELD),
    deleteField: remove(
      ONE,
      deleteField,
      'Remove a field from the schema: refused while it is in use',
      CHANGED,
    ),
    getFieldToEnable: get(
      `${ONE}/enable`,
      getField,
      'Get a field: some clients ask here before they enable it',
      FIELD,
    ),
    enableField: put(`${ONE}/enable`, enableField, 'Enable a field', CHANGED),
    disableField: remove(
      `${ONE}/disable`,
      disableField,
      'Disable a field: it is dropped at delivery',
      CHANGED,
    ),
  },
}
