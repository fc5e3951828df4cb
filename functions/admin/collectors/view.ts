import { DESTINATION_KINDS } from '../../../shared/contract/destinations.ts'
import { TOKEN_MASK } from '../../../shared/domain/source/api-token.ts'
import { COLLECTOR_TYPE } from '../../../shared/domain/source/collector-config.ts'
import { FIELDS } from '../../../shared/domain/source/fields-setting.ts'
import type { Collector, DestinationSetting } from '../../../shared/domain/source/source.ts'
import { CATEGORY, DESCRIPTION, NAME, TIME_ZONE } from '../../../shared/domain/source/text-setting.ts'
import { createEntityTag } from '../http/entity-tag.ts'
import type { Answer } from '../http/message.ts'
import { choice, constant, fixed, flag, integer, list, text } from '../openapi/schema.ts'
import { view, without } from '../openapi/view.ts'

const DESTINATION = view<DestinationSetting>()({
  type: choice(['lake', ...DESTINATION_KINDS], { description: 'lake: the S3 bucket of the stack.' }),
  'url?': [
    constant(TOKEN_MASK, { description: 'The URL itself is never shown. Not with lake.' }),
    ({ type }) => (type === 'lake' ? undefined : TOKEN_MASK),
  ],
  'lake?': [
    flag('Whether the events are in the lake, too. Not with lake.'),
    destination => (destination.type === 'lake' ? undefined : destination.lake),
  ],
})

const LINK = view<Collector>()({
  rel: fixed('sources'),
  href: [text({ format: 'uri-reference' }), ({ id }) => `/v1/collectors/${id}/sources`],
})

interface Seen extends Collector {
  readonly nowMs: number
}

/**
 * As docs/reference/management-api.md, "Collectors" shows a hosted collector. It has no machine of its own, so it is
 * always alive.
 */
export const COLLECTOR = view<Seen>()({
  id: integer(),
  name: NAME.schema,
  'description?': DESCRIPTION.schema,
  'category?': CATEGORY.schema,
  timeZone: [TIME_ZONE.schema, c => c.timeZone ?? 'UTC'],
  destination: DESTINATION,
  fields: FIELDS.schema,
  links: [list(LINK.schema), c => [LINK.present(c)]],
  collectorType: fixed(COLLECTOR_TYPE),
  collectorVersion: fixed(''),
  lastSeenAlive: [integer({ description: 'Epoch milliseconds.' }), ({ nowMs }) => nowMs],
  alive: fixed(true),
})

const CONFIGURATION = without(COLLECTOR, 'lastSeenAlive', 'alive')

export const createCollectorTag = (collector: Collector): string =>
  createEntityTag(CONFIGURATION.present({ ...collector, nowMs: 0 }))

export const collectorAnswer = (collector: Collector, nowMs: number): Answer => ({
  body: { collector: COLLECTOR.present({ ...collector, nowMs }) },
  headers: { etag: createCollectorTag(collector) },
})
