import { COLLECTOR_TYPE } from '../../../shared/domain/source/collector-config.ts'
import { FIELDS } from '../../../shared/domain/source/fields-setting.ts'
import type { Collector, Fields } from '../../../shared/domain/source/source.ts'
import { CATEGORY, DESCRIPTION, NAME, TIME_ZONE } from '../../../shared/domain/source/text-setting.ts'
import { createEntityTag } from '../http/entity-tag.ts'
import { type AdminResult, entity } from '../http/message.ts'
import { fixed, integer, listOf, oneOf, text } from '../openapi/schema.ts'
import { type Typed, view, without } from '../openapi/view.ts'

const DESTINATION_VIEW = view<Collector>()({
  type: [oneOf(['lake'], { description: 'lake: the S3 bucket of the stack.' }), c => c.destination.type],
})

const LINK = view<Collector>()({
  rel: fixed('sources'),
  href: [text({ format: 'uri-reference' }), ({ id }) => `/v1/collectors/${id}/sources`],
})

interface Seen {
  readonly collector: Collector
  readonly nowMs: number
}

/** As reference/sumo-api §4.3 shows a hosted collector. It has no machine of its own, so it is always alive. */
export const COLLECTOR = view<Seen>()({
  id: [integer(), ({ collector }) => collector.id],
  name: [text(NAME.schema), ({ collector }) => collector.name],
  'description?': [text(DESCRIPTION.schema), ({ collector }) => collector.description],
  'category?': [text(CATEGORY.schema), ({ collector }) => collector.category],
  timeZone: [text(TIME_ZONE.schema), ({ collector }) => collector.timeZone ?? 'UTC'],
  destination: [DESTINATION_VIEW.schema, ({ collector }) => DESTINATION_VIEW.present(collector)],
  fields: [FIELDS.schema as Typed<Fields>, ({ collector }) => collector.fields],
  links: [listOf(LINK.schema), ({ collector }) => [LINK.present(collector)]],
  collectorType: fixed(COLLECTOR_TYPE),
  collectorVersion: fixed(''),
  lastSeenAlive: [integer({ description: 'Epoch milliseconds.' }), ({ nowMs }) => nowMs],
  alive: fixed(true),
})

const CONFIGURATION = without(COLLECTOR, 'lastSeenAlive', 'alive')

export const createCollectorTag = (collector: Collector): string =>
  createEntityTag(CONFIGURATION.present({ collector, nowMs: 0 }))

export const collectorAnswer = (status: number, collector: Collector, nowMs: number): AdminResult =>
  entity(status, { collector: COLLECTOR.present({ collector, nowMs }) }, createCollectorTag(collector))
