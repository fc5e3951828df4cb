import { answered, given, listOf, orNull, type Schema, schemaRef } from './schema.ts'
import { CATEGORY, DESCRIPTION, FIELDS, FIELDS_GIVEN, NAME } from './setting-schemas.ts'

const DESTINATION = {
  type: { enum: ['lake'], description: 'lake: the S3 bucket of the stack.' },
} as const

const TIME_ZONE: Schema = {
  type: 'string',
  maxLength: 128,
  description: 'Kept, without effect: events are delivered as they are.',
}

const COLLECTOR_TYPE: Schema = { enum: ['Hosted'] }

const SETTINGS = {
  collectorType: COLLECTOR_TYPE,
  name: { ...NAME, description: 'Unique among collectors.' },
  description: orNull(DESCRIPTION),
  category: orNull(CATEGORY),
  timeZone: orNull(TIME_ZONE),
  fields: FIELDS_GIVEN,
  destination: {
    type: ['object', 'null'],
    properties: DESTINATION,
    required: ['type'],
    additionalProperties: false,
    description: 'Our extension. Left out, it is the lake, or stays what it is.',
  },
}

const COLLECTOR = answered(
  {
    id: { type: 'integer' },
    name: NAME,
    description: DESCRIPTION,
    category: CATEGORY,
    timeZone: TIME_ZONE,
    destination: answered(DESTINATION),
    fields: FIELDS,
    links: listOf(answered({ rel: { const: 'sources' }, href: { type: 'string', format: 'uri-reference' } })),
    collectorType: COLLECTOR_TYPE,
    collectorVersion: { const: '' },
    lastSeenAlive: { type: 'integer', description: 'Epoch milliseconds.' },
    alive: { const: true },
  },
  ['description', 'category'],
)

const NO_ID: Schema = { type: 'null', description: 'Must not be given: it is assigned.' }

export const COLLECTOR_SCHEMAS = {
  Collector: COLLECTOR,
  CollectorAnswer: answered({ collector: schemaRef('Collector') }),
  CollectorList: answered({ collectors: listOf(schemaRef('Collector')) }),
  NewCollector: given({ collector: given({ ...SETTINGS, id: NO_ID }, ['collectorType', 'name']) }, [
    'collector',
  ]),
  CollectorUpdate: given(
    {
      collector: given({ ...SETTINGS, id: { type: 'integer', description: 'As in the path.' } }, [
        'id',
        'collectorType',
        'name',
      ]),
    },
    ['collector'],
  ),
}
