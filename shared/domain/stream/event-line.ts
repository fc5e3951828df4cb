import type { Api } from '../../contract/apis.ts'
import { mergeFields } from '../source/field-name.ts'
import { deliveredFields } from '../source/field-schema.ts'
import { isForwarded, SIEM_FIELDS } from '../source/siem-fields.ts'
import type { DescribedSource, Fields } from '../source/source.ts'
import { type Item, toItemText } from './item.ts'
import { iterateMembers } from './json-text.ts'

/** What a source adds to each event. Sumo Logic calls this the metadata of a message. */
interface EventMetadata {
  readonly collector: string
  readonly source: string
  readonly sourceCategory: string
  readonly fields: Fields
  readonly api: Api
  /** See markChanged. Only in events that processing rules have changed. */
  readonly mark?: string
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

/** Makes metadata. Items that get the same metadata have the same variant, which most sources have only one of. */
interface MetadataMaker {
  findVariant(item: Item): string
  make(variant: string): EventMetadata
}

/**
 * Category and fields of the source replace those of the collector (docs/reference/management-api.md, "Field
 * inheritance"). If events are forwarded, the variant is the event id.
 */
function createMetadataMaker({ collector, source, fieldSchema }: DescribedSource, api: Api): MetadataMaker {
  const fields = deliveredFields(fieldSchema, mergeFields(collector.fields, source.fields))
  const common = {
    collector: collector.name,
    source: source.name,
    sourceCategory: source.category ?? collector.category ?? '',
  }
  if (!isForwarded(fields)) return { findVariant: () => '', make: () => ({ ...common, fields, api }) }
  return {
    findVariant: SIEM_EVENT_ID[api],
    make: eventId => ({
      ...common,
      fields: mergeFields(fields, { ...SIEM_FIELDS, _siemEventID: eventId }),
      api,
    }),
  }
}

const METADATA = '_metadata'

/**
 * Returns the key under which an item gets its metadata: `_metadata`, or `_metadata_2` and so on if the item has a
 * member of that name. Case does not count, because Athena's reader cannot take a line that has a key twice.
 */
function findMetadataKey(item: Item): string {
  const json = toItemText(item)
  const taken = new Set(
    Array.from(iterateMembers(json, 0), ({ key }) =>
      JSON.parse(json.slice(key.start, key.end)).toLowerCase(),
    ),
  )
  let key = METADATA
  for (let n = 2; taken.has(key); n++) key = `${METADATA}_${n}`
  return key
}

const EMPTY_LENGTH = '{}'.length

interface Shown {
  readonly key?: string
  readonly comma?: string
  readonly mark?: string | undefined
}

/** Returns a function that renders what a line has in the place of its item's closing brace. Each variant is rendered once. */
function createTailMaker(described: DescribedSource, api: Api): (item: Item) => Uint8Array {
  const { findVariant, make } = createMetadataMaker(described, api)
  const render = (variant: string, { key = METADATA, comma = ',', mark }: Shown = {}): Uint8Array =>
    Buffer.from(`${comma}"${key}":${JSON.stringify({ ...make(variant), ...(mark && { mark }) })}}\n`)
  const rendered = new Map<string, Uint8Array>()
  return item => {
    const { json, mayHaveMetadata, mark } = item
    const variant = findVariant(item)
    if (json.length === EMPTY_LENGTH) return render(variant, { comma: '', mark })
    if (mayHaveMetadata || mark) return render(variant, { key: findMetadataKey(item), mark })
    const usual = rendered.get(variant) ?? render(variant)
    rendered.set(variant, usual)
    return usual
  }
}

/** Renders items as lines. A line is the item as received, with its metadata as the last member. */
export function eventLines(items: readonly Item[], described: DescribedSource, api: Api): Uint8Array {
  const tails = items.map(createTailMaker(described, api))
  const size = items.reduce((sum, { json }, i) => sum + json.length - 1 + (tails[i]?.length ?? 0), 0)
  const lines = new Uint8Array(size)
  let end = 0
  for (const [i, { json }] of items.entries()) {
    lines.set(json, end)
    const tail = tails[i] ?? json
    lines.set(tail, end + json.length - 1)
    end += json.length - 1 + tail.length
  }
  return lines
}

/**
 * Returns the item of a line: the line without our metadata, which are its last member. The other bytes stay as they are.
 * Throws SyntaxError if the line is none of ours.
 */
export function withoutMetadata(line: string): string {
  let last: number | undefined
  for (const { key } of iterateMembers(line, 0)) last = key.start
  if (last === undefined || !line.startsWith(`"${METADATA}`, last))
    throw new SyntaxError('a line has no metadata')
  return `${line.slice(0, Math.max(last - 1, 1))}}`
}
