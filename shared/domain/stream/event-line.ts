import type { Api } from '../../contract/apis.ts'
import { mergeFields, SIEM_FORWARD } from '../source/field-name.ts'
import { deliveredFields } from '../source/field-schema.ts'
import type { DescribedSource, Fields } from '../source/source.ts'
import { iterateMembers } from './json-text.ts'
import type { Item } from './page.ts'

/** What a source adds to each event. Sumo Logic calls this the metadata of a message. */
interface EventMetadata {
  readonly collector: string
  readonly source: string
  readonly sourceCategory: string
  readonly fields: Fields
  readonly api: Api
}

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
  const fields = deliveredFields(fieldSchema, mergeFields(collector.fields, source.fields))
  const forwarded = isForwarded(fields)
  const common = {
    collector: collector.name,
    source: source.name,
    sourceCategory: source.category ?? collector.category ?? '',
  }
  return item => ({ ...common, fields: forwarded ? mergeFields(fields, siemFields(api, item)) : fields, api })
}

const METADATA = '_metadata'

/** Most items have no such member and need no closer look. A key may also be written with escapes. */
const MAY_HAVE_METADATA = /_metadata|\\u/i

/**
 * Returns the key under which an item gets its metadata: `_metadata`, or `_metadata_2` and so on if the item has a
 * member of that name. Case does not count, because Athena's reader cannot take a line that has a key twice.
 */
function findMetadataKey(json: string): string {
  if (!MAY_HAVE_METADATA.test(json)) return METADATA
  const taken = new Set(
    Array.from(iterateMembers(json, 0), ({ key }) =>
      JSON.parse(json.slice(key.start, key.end)).toLowerCase(),
    ),
  )
  let key = METADATA
  for (let n = 2; taken.has(key); n++) key = `${METADATA}_${n}`
  return key
}

function renderLine({ json }: Item, metadata: object): string {
  const tail = `"${findMetadataKey(json)}":${JSON.stringify(metadata)}}\n`
  return json === '{}' ? `{${tail}` : `${json.slice(0, -1)},${tail}`
}

/** Renders items as lines. A line is the item as received, with its metadata as the last member. */
export function eventLines(items: readonly Item[], described: DescribedSource, api: Api): Uint8Array {
  const makeMetadata = createMetadataMaker(described, api)
  return Buffer.from(items.map(item => renderLine(item, makeMetadata(item))).join(''), 'utf8')
}
