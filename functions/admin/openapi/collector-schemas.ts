import {
  COLLECTOR_TYPE,
  COLLECTOR_UPDATE,
  NEW_COLLECTOR,
} from '../../../shared/domain/source/collector-config.ts'
import { FIELDS } from '../../../shared/domain/source/fields-setting.ts'
import type { Destination, Fields } from '../../../shared/domain/source/source.ts'
import { CATEGORY, DESCRIPTION, NAME, TIME_ZONE } from '../../../shared/domain/source/text-setting.ts'
import { answered, constant, integer, listOf, named, oneOf, type Typed, text, wrapped } from './schema.ts'

export const COLLECTOR = answered({
  id: integer(),
  name: text(NAME.schema),
  'description?': text(DESCRIPTION.schema),
  'category?': text(CATEGORY.schema),
  timeZone: text(TIME_ZONE.schema),
  destination: answered({
    type: oneOf<Destination['type']>(['lake'], { description: 'lake: the S3 bucket of the stack.' }),
  }),
  fields: FIELDS.schema as Typed<Fields>,
  links: listOf(answered({ rel: constant('sources'), href: text({ format: 'uri-reference' }) })),
  collectorType: constant(COLLECTOR_TYPE),
  collectorVersion: constant(''),
  lastSeenAlive: integer({ description: 'Epoch milliseconds.' }),
  alive: constant(true),
})

export const COLLECTOR_SCHEMAS = {
  Collector: COLLECTOR,
  CollectorAnswer: answered({ collector: named('Collector', COLLECTOR) }),
  CollectorList: answered({ collectors: listOf(named('Collector', COLLECTOR)) }),
  NewCollector: wrapped('collector', NEW_COLLECTOR),
  CollectorUpdate: wrapped('collector', COLLECTOR_UPDATE),
  UpgradeTargets: answered({ targets: { type: 'array', maxItems: 0 } }),
}
