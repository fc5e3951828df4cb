import { MAX_CURSOR_BYTES, MAX_ITEM_TEXT } from '../../contract/limits.ts'
import { createFailure, type RunFailure } from '../failure/failure.ts'
import { iterateElements, iterateMembers, type Span, withoutSpace } from './json-text.ts'

/** One event, with the tokens that were received, on one line. */
export interface Item {
  readonly json: string
  readonly uuid?: string
  /** As received. See timestamp.ts. */
  readonly timestamp?: string
  /** Only sign-in attempts have it. */
  readonly category?: string
  /** Only item usages and audit events have it. */
  readonly action?: string
}

/** A page of the Events API (docs/reference/events-api.md, "Page and cursor"). */
export interface Page {
  /** NO_CURSOR only on a last page without items. */
  readonly cursor: string
  readonly hasMore: boolean
  readonly items: readonly Item[]
  /** Items that are not events, as received. Absent if there are none. */
  readonly unreadable?: readonly Uint8Array[]
}

/** What stands for the cursor of a page that has none: there is nothing new, and no other place to go on from. */
export const NO_CURSOR = ''

/** What a page says beside its items. */
export type PageFrame = Pick<Page, 'cursor' | 'hasMore'>

export const createPageFailure = (why: string, options?: ErrorOptions): RunFailure =>
  createFailure({ kind: 'malformed', wanted: 'a page of events', why }, options)

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (cause) {
    throw createPageFailure('the body is not UTF-8', { cause })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw createPageFailure('the body is not JSON', { cause })
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isMissing = (value: unknown): value is null | undefined => value === undefined || value === null

function checkCursor(cursor: unknown): string {
  if (typeof cursor !== 'string' || cursor === '') throw createPageFailure('`cursor` is not a string')
  if (!cursor.isWellFormed()) throw createPageFailure('`cursor` is not well-formed Unicode')
  const bytes = Buffer.byteLength(cursor, 'utf8')
  if (bytes <= MAX_CURSOR_BYTES) return cursor
  throw createPageFailure(`\`cursor\` has ${bytes} bytes, and at most ${MAX_CURSOR_BYTES} can be kept`)
}

/** The members of a page, as JSON.parse returns them. `items`: undefined and null mean that there are none. */
export interface PageMembers {
  readonly cursor?: unknown
  readonly has_more?: unknown
  readonly items?: unknown
}

/** An empty last page need not name a place to go on from: it is the place that was asked for. It must say both. */
const isEmptyEnd = ({ cursor, has_more, items }: PageMembers): boolean =>
  (isMissing(cursor) || cursor === '') &&
  has_more === false &&
  (items === null || (Array.isArray(items) && items.length === 0))

/**
 * Checks all but the single items. A missing `has_more` means that there is no more, and missing `items` that there are
 * none, but only beside a cursor: what has none of them is not a page.
 */
export function checkPage(members: PageMembers): PageFrame {
  const { cursor, has_more, items } = members
  const checked = isEmptyEnd(members) ? NO_CURSOR : checkCursor(cursor)
  if (!isMissing(has_more) && typeof has_more !== 'boolean')
    throw createPageFailure('`has_more` is not a boolean')
  if (!isMissing(items) && !Array.isArray(items)) throw createPageFailure('`items` is not an array')
  return { cursor: checked, hasMore: has_more ?? false }
}

/** Finds the last member `items`: of repeated keys JSON.parse takes the last one, too. */
function findItems(text: string): Span | undefined {
  let items: Span | undefined
  for (const { key, value } of iterateMembers(text, text.indexOf('{'))) {
    if (JSON.parse(text.slice(key.start, key.end)) === 'items') items = value
  }
  return items
}

const TEXTS = ['uuid', 'timestamp', 'category', 'action'] as const

/** Returns the item of a text that JSON.parse has read as this object. */
export function toItem(text: string, parsed: Record<string, unknown>): Item {
  const texts = TEXTS.flatMap(name => {
    const value = parsed[name]
    return typeof value === 'string' && value.length <= MAX_ITEM_TEXT ? [[name, value]] : []
  })
  return { json: withoutSpace(text), ...Object.fromEntries(texts) }
}

/**
 * Reads the body of a 200. Throws RunFailure (ThirdPartyGeneric) if the body is not a page, or if one of its items is not
 * an event: salvagePage may still get the others.
 */
export function readPage(body: Uint8Array): Page {
  const text = decode(body)
  const parsed = parse(text)
  if (!isObject(parsed)) throw createPageFailure('it is not an object')
  const frame = checkPage(parsed)
  const items = (parsed['items'] ?? []) as readonly unknown[]
  if (!items.every(isObject)) throw createPageFailure('an item is not an object')
  const span = items.length > 0 ? findItems(text) : undefined
  const spans = span ? iterateElements(text, span.start) : []
  return {
    ...frame,
    items: Array.from(spans, ({ start, end }, index) => toItem(text.slice(start, end), items[index] ?? {})),
  }
}
