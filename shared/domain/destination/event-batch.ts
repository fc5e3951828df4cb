import type { Item } from '../stream/item.ts'

/** Most destinations split or refuse a larger event. It is handed over all the same, and counted. */
export const LARGE_EVENT_BYTES = 64 * 1024

/** What a destination takes in one request. */
export interface BatchLimits {
  readonly maxEvents: number
  /** An event that is larger alone is a batch of its own: it is never split. */
  readonly maxBytes: number
  /** How many bytes an event takes of them. */
  readonly measure: (item: Item) => number
}

/** Cuts the events of a page into batches, in their order. */
export function cutBatches(
  items: readonly Item[],
  { maxEvents, maxBytes, measure }: BatchLimits,
): readonly (readonly Item[])[] {
  const batches: Item[][] = []
  let batch: Item[] = []
  let bytes = 0
  for (const item of items) {
    const size = measure(item)
    if (batch.length > 0 && (batch.length >= maxEvents || bytes + size > maxBytes)) {
      batches.push(batch)
      batch = []
      bytes = 0
    }
    batch.push(item)
    bytes += size
  }
  return batch.length > 0 ? [...batches, batch] : batches
}
