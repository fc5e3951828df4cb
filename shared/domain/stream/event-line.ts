import type { Api } from '../../contract/apis.ts'
import { deliveredFields } from '../source/field-schema.ts'
import type { DescribedSource, Fields } from '../source/source.ts'
import type { Item } from './page.ts'

/** What a source adds to each event. Sumo Logic calls this the metadata of a message. */
interface EventMetadata {
  readonly collector: string
  readonly source: string
  readonly sourceCategory: string
  readonly fields: Fields
  readonly api: Api
}

const SIEM_FORWARD = '_siemForward'

/**
 * The event id that the log mappers of Cloud SIEM look for (docs/reference/management-api.md, "Cloud SIEM fields"). It
 * ends in `none` if the event has no such member.
 */
const SIEM_EVENT_ID: Record<Api, (item: Item) => string> = {
  'sign-in': ({ category = 'none' }) => `signin-${category}`,
  itemUsage: ({ action = 'none' }) => `item_usage-${action}`,
  auditEvents: ({ action = 'none' }) => `audit-${action}`,
}

const siemFields = (api: Api, item: Item): Fields => ({
  _siemVendor: '1Password',
  _siemProduct: '1Password',
  _siemFormat: 'JSON',
  _siemParser: '/Parsers/System/1Password/1Password',
  _siemEventID: SIEM_EVENT_ID[api](item),
})

const isForwarded = ({ [SIEM_FORWARD]: forward }: Fields): boolean => forward === true || forward === 'true'

/**
 * Returns a function that makes the metadata of an item. Category and fields of the source replace those of the
 * collector (docs/reference/management-api.md, "Field inheritance").
 */
function createMetadataMaker(
  { collector, source, fieldSchema }: DescribedSource,
  api: Api,
): (item: Item) => EventMetadata {
  const fields = deliveredFields(fieldSchema, { ...collector.fields, ...source.fields })
  const forwarded = isForwarded(fields)
  const common = {
    collector: collector.name,
    source: source.name,
    sourceCategory: source.category ?? collector.category ?? '',
  }
  return item => ({ ...common, fields: forwarded ? { ...fields, ...siemFields(api, item) } : fields, api })
}

function renderLine({ json }: Item, metadata: object): string {
  const tail = `"_metadata":${JSON.stringify(metadata)}}\n`
  return json === '{}' ? `{${tail}` : `${json.slice(0, -1)},${tail}`
}

/** Renders items as lines. A line is the item as received, with `_metadata` as its last member. */
export function eventLines(items: readonly Item[], described: DescribedSource, api: Api): Uint8Array {
  const makeMetadata = createMetadataMaker(described, api)
  return Buffer.from(items.map(item => renderLine(item, makeMetadata(item))).join(''), 'utf8')
}
