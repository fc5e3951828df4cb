import type { Api } from '../contract/apis.ts'
import type { Item } from './page.ts'
import type { Fields, RegisteredSource } from './source.ts'

/** What a collector's source adds to each event: the counterpart of Sumo Logic's message metadata. */
interface EventMetadata {
  readonly collector: string
  readonly source: string
  readonly sourceCategory: string
  readonly fields: Fields
  readonly api: Api
}

/** The source's own category and fields win over the collector's (reference/sumo-api §4.7). */
function metadataOf({ collector, source }: RegisteredSource, api: Api): EventMetadata {
  return {
    collector: collector.name,
    source: source.name,
    sourceCategory: source.category ?? collector.category ?? '',
    fields: { ...collector.fields, ...source.fields },
    api,
  }
}

/** Renders items as lines: the item as received, with `_metadata` as its last member. */
export function eventLines(items: readonly Item[], registered: RegisteredSource, api: Api): Uint8Array {
  const tail = `"_metadata":${JSON.stringify(metadataOf(registered, api))}}\n`
  const lines = items.map(({ json }) => (json === '{}' ? `{${tail}` : `${json.slice(0, -1)},${tail}`))
  return Buffer.from(lines.join(''), 'utf8')
}
