import { MAX_LIST_BYTES } from '../../../shared/contract/limits.ts'
import type { Values } from '../../../shared/domain/source/shape.ts'
import { invalid } from './api-error.ts'
import type { AdminRequest, Answer } from './message.ts'
import { DEFAULT_LIMIT, type WINDOW } from './query.ts'

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

export interface Listing<Item> {
  /** All that there are. */
  readonly items: readonly Item[]
  readonly window: Values<typeof WINDOW>
  readonly present: (item: Item) => object | Promise<object>
  readonly toBody: (entries: readonly object[]) => object
}

/** The same request for what follows (RFC 8288). */
function linkNext({ rawPath, rawQueryString }: AdminRequest, offset: number): string {
  const query = new URLSearchParams(rawQueryString)
  query.set('offset', String(offset))
  return `<${rawPath}?${query}>; rel="next"`
}

/**
 * Answers with the part of a list that the window names. An answer of Lambda has at most 6 MB. If the client names no
 * limit, the part ends where the answer is full. If it names one, a shorter part would tell it that the list is at its
 * end, or make it leave entries out: then the request is refused, with a limit that works. Throws ApiError 400.
 */
export async function listAnswer<Item>(
  request: AdminRequest,
  { items, window: { limit, offset }, present, toBody }: Listing<Item>,
): Promise<Answer> {
  const wanted = items.slice(offset, offset + (limit ?? DEFAULT_LIMIT))
  const { entries, safeLimit } = await presentFitting(wanted, present)
  if (safeLimit !== undefined && limit !== undefined) {
    const message = `makes the answer larger than 6 MB; ask for fewer at a time: limit=${safeLimit}`
    throw invalid([{ field: 'limit', message }])
  }
  const next = offset + entries.length
  const body = toBody(entries)
  return next < items.length ? { body, headers: { link: linkNext(request, next) } } : { body }
}
