import { type Item, parseItem } from './item.ts'
import { iterateElements, iterateMembers, type Span } from './json-text.ts'
import { checkPage, type Page } from './page.ts'

/*
 * A page may hold an item that is no event: null, a NaN, a byte that is not UTF-8. The page is then not JSON, but the
 * places of its items can still be found. So one bad item costs no other. A last page may also have events and no cursor.
 */

const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf'

/** One character for each byte. The characters that JSON uses for its structure are single bytes in UTF-8, too. */
const toByteText = (body: Uint8Array): string => Buffer.from(body).toString('latin1')

/** Throws TypeError or SyntaxError. */
const parseBytes = (bytes: Uint8Array): unknown =>
  JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))

function readItem(bytes: Uint8Array): Item | undefined {
  try {
    return parseItem(bytes)
  } catch {
    return undefined
  }
}

const MEMBERS: ReadonlySet<unknown> = new Set(['cursor', 'has_more', 'items'])

/** The members of a page by name. Of repeated ones the last counts, as for JSON.parse. */
function findMembers(body: Uint8Array, byteText: string): ReadonlyMap<string, Span> {
  const found = new Map<string, Span>()
  const from = byteText.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0
  if (byteText.slice(from).trimStart()[0] !== '{') throw new SyntaxError('it is not an object')
  for (const { key, value } of iterateMembers(byteText, byteText.indexOf('{'))) {
    const name = parseBytes(body.subarray(key.start, key.end))
    if (MEMBERS.has(name)) found.set(String(name), value)
  }
  return found
}

function takeApart(body: Uint8Array): Page {
  const byteText = toByteText(body)
  const spans = findMembers(body, byteText)
  const bytesAt = ({ start, end }: Span): Uint8Array => body.subarray(start, end)
  const read = (name: string): unknown => {
    const span = spans.get(name)
    return span && parseBytes(bytesAt(span))
  }
  const list = spans.get('items')
  const isList = list !== undefined && byteText[list.start] === '['
  const items = isList ? [null] : read('items')
  const frame = checkPage({ cursor: read('cursor'), has_more: read('has_more'), items }, 'every')
  const elements = isList ? Array.from(iterateElements(byteText, list.start), bytesAt) : []
  const tried = elements.map(bytes => ({ bytes, item: readItem(bytes) }))
  const unreadable = tried.flatMap(({ bytes, item }) => (item ? [] : [bytes]))
  const events = tried.flatMap(({ item }) => item ?? [])
  return { ...frame, items: events, ...(unreadable.length > 0 && { unreadable }) }
}

/**
 * Reads what can be read of a body that `readPage` has refused. Cursor and structure must be right, but the last page
 * may have no cursor; each item may be wrong. Throws the given failure if nothing can be made of the body.
 */
export function salvagePage(body: Uint8Array, failure: unknown): Page {
  try {
    return takeApart(body)
  } catch {
    throw failure
  }
}
