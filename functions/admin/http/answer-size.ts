import { MAX_LIST_BYTES } from '../../../shared/contract/limits.ts'

/** Lambda counts the JSON of the answer, in which the body is a text: its quotation marks are escaped. */
export const countBytes = (entry: object): number => Buffer.byteLength(JSON.stringify(JSON.stringify(entry)))

/** The first entries of a list, as many as fit into one answer. */
export interface Fitting {
  readonly entries: readonly object[]
  /** How many entries of the size of the largest one would fit, if there are more than did. */
  readonly safeLimit?: number
}

/** So many entries are presented at once. */
const BATCH = 25

/** Presents the items in turn until an answer is full. */
export async function presentFitting<Item>(
  items: readonly Item[],
  present: (item: Item) => object | Promise<object>,
): Promise<Fitting> {
  const entries: object[] = []
  let [bytes, largest] = [0, 0]
  for (let at = 0; at < items.length; at += BATCH) {
    for (const entry of await Promise.all(items.slice(at, at + BATCH).map(present))) {
      const size = countBytes(entry)
      bytes += size
      largest = Math.max(largest, size)
      if (bytes > MAX_LIST_BYTES) {
        return { entries, safeLimit: Math.max(1, Math.floor(MAX_LIST_BYTES / largest)) }
      }
      entries.push(entry)
    }
  }
  return { entries }
}
