import type { Api } from '../../contract/apis.ts'
import type { DescribedSource } from '../source/source.ts'
import { metadataMaker } from './event-metadata.ts'
import type { Item } from './page.ts'

function lineOf({ json }: Item, metadata: object): string {
  const tail = `"_metadata":${JSON.stringify(metadata)}}\n`
  return json === '{}' ? `{${tail}` : `${json.slice(0, -1)},${tail}`
}

/** Renders items as lines: the item as received, with `_metadata` as its last member. */
export function eventLines(items: readonly Item[], described: DescribedSource, api: Api): Uint8Array {
  const metadataOf = metadataMaker(described, api)
  return Buffer.from(items.map(item => lineOf(item, metadataOf(item))).join(''), 'utf8')
}
