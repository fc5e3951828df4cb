import { isUtf8 } from 'node:buffer'
import { MAX_CURSOR_BYTES } from '../../contract/limits.ts'
import { createFailure, type RunFailure } from '../failure/failure.ts'
import type { RuleCounts } from '../rule/rule-counts.ts'
import { type Item, readItem } from './item.ts'
import {
  createReader,
  enter,
  finish,
  goOn,
  type JsonReader,
  OPENING_BRACE,
  OPENING_BRACKET,
  peek,
  skipColon,
  skipSpace,
  skipString,
  skipValue,
} from './json-reader.ts'

/** A page of the Events API (docs/reference/events-api.md, "Page and cursor"). */
export interface Page {
  /** NO_CURSOR only on a last page: without items, or if it has none however often it is asked for. */
  readonly cursor: string
  readonly hasMore: boolean
  readonly items: readonly Item[]
  /** Items that are not events, as received. Absent if there are none. */
  readonly unreadable?: readonly Uint8Array[]
  /** What processing rules have dropped and changed, of an earlier form of the page. Absent if nothing. */
  readonly filtered?: RuleCounts
}

/** What stands for the cursor of a page that has none: there is no other place to go on from. */
export const NO_CURSOR = ''

/** What a page says beside its items. */
export type PageFrame = Pick<Page, 'cursor' | 'hasMore'>

export const createPageFailure = (why: string, options?: ErrorOptions): RunFailure =>
  createFailure({ kind: 'malformed', wanted: 'a page of events', why }, options)

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

/** Whether a last page may lack a cursor: if it is `empty`, or in `every` case. */
export type LastPage = 'empty' | 'every'

/** An empty last page need not name a place to go on from: it is the place that was asked for. It must say both. */
const isEnd = ({ cursor, has_more, items }: PageMembers, mayLackCursor: LastPage): boolean =>
  (isMissing(cursor) || cursor === '') &&
  has_more === false &&
  (items === null || (Array.isArray(items) && (items.length === 0 || mayLackCursor === 'every')))

/**
 * Checks all but the single items. A missing `has_more` means that there is no more, and missing `items` that there are
 * none, but only beside a cursor: what has none of them is not a page.
 */
export function checkPage(members: PageMembers, mayLackCursor: LastPage = 'empty'): PageFrame {
  const { cursor, has_more, items } = members
  const checked = isEnd(members, mayLackCursor) ? NO_CURSOR : checkCursor(cursor)
  if (!isMissing(has_more) && typeof has_more !== 'boolean')
    throw createPageFailure('`has_more` is not a boolean')
  if (!isMissing(items) && !Array.isArray(items)) throw createPageFailure('`items` is not an array')
  return { cursor: checked, hasMore: has_more ?? false }
}

/** What stands for an item that is no object. */
const NO_ITEM = 'no item'

/** Reads the list that begins where the reader stands. */
function readList(reader: JsonReader): (Item | typeof NO_ITEM)[] {
  const items: (Item | typeof NO_ITEM)[] = []
  if (!enter(reader)) return items
  do {
    if (peek(reader) === OPENING_BRACE) items.push(readItem(reader))
    else {
      skipValue(reader)
      items.push(NO_ITEM)
    }
  } while (goOn(reader))
  return items
}

function readValue(reader: JsonReader): unknown {
  const { bytes, at } = reader
  skipValue(reader)
  return JSON.parse(bytes.toString('utf8', at, reader.at))
}

type Members = { -readonly [K in keyof PageMembers]: unknown }

/** Reads one member of a page. Of repeated ones the last counts, as for JSON.parse. */
function readMember(reader: JsonReader, members: Members): void {
  const { bytes, at } = reader
  skipString(reader)
  const name: string = JSON.parse(bytes.toString('utf8', at, reader.at))
  skipColon(reader)
  if (name === 'cursor' || name === 'has_more') members[name] = readValue(reader)
  else if (name !== 'items') skipValue(reader)
  else members.items = peek(reader) === OPENING_BRACKET ? readList(reader) : readValue(reader)
}

/** Reads a whole text. Returns undefined if it is JSON, but no object. Throws SyntaxError if it is no JSON. */
function readMembers(reader: JsonReader): Members | undefined {
  const members: Members = {}
  skipSpace(reader)
  const isObject = peek(reader) === OPENING_BRACE
  if (!isObject) skipValue(reader)
  else if (enter(reader)) {
    do readMember(reader, members)
    while (goOn(reader))
  }
  finish(reader)
  return isObject ? members : undefined
}

const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf)

const withoutMark = (body: Uint8Array): Uint8Array =>
  BYTE_ORDER_MARK.equals(body.subarray(0, BYTE_ORDER_MARK.length))
    ? body.subarray(BYTE_ORDER_MARK.length)
    : body

function parse(body: Uint8Array): Members | undefined {
  if (!isUtf8(body)) throw createPageFailure('the body is not UTF-8')
  try {
    return readMembers(createReader(withoutMark(body)))
  } catch (cause) {
    throw createPageFailure('the body is not JSON', { cause })
  }
}

/**
 * Reads the body of a 200. Throws RunFailure (ThirdPartyGeneric) if the body is not a page, or if one of its items is not
 * an event: salvagePage may still get the others. The items are parts of the body.
 */
export function readPage(body: Uint8Array): Page {
  const members = parse(body)
  if (!members) throw createPageFailure('it is not an object')
  const frame = checkPage(members)
  const items = (members.items ?? []) as readonly (Item | typeof NO_ITEM)[]
  if (items.includes(NO_ITEM)) throw createPageFailure('an item is not an object')
  return { ...frame, items: items as readonly Item[] }
}
