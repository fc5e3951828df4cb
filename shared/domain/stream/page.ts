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
  readonly cursor: string
  readonly hasMore: boolean
  readonly items: readonly Item[]
}

interface ParsedPage {
  cursor: string
  has_more: boolean
  items: Record<string, unknown>[]
}

const notAPage = (why: string, options?: ErrorOptions): RunFailure =>
  createFailure({ kind: 'malformed', wanted: 'a page of events', why }, options)

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (cause) {
    throw notAPage('the body is not UTF-8', { cause })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw notAPage('the body is not JSON', { cause })
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function checkPage(value: unknown): ParsedPage {
  if (!isObject(value)) throw notAPage('it is not an object')
  const { cursor, has_more, items } = value
  if (typeof cursor !== 'string' || cursor === '') throw notAPage('`cursor` is not a string')
  if (!cursor.isWellFormed()) throw notAPage('`cursor` is not well-formed Unicode')
  if (typeof has_more !== 'boolean') throw notAPage('`has_more` is not a boolean')
  if (items === null) return { cursor, has_more, items: [] }
  if (!Array.isArray(items)) throw notAPage('`items` is not an array')
  if (!items.every(isObject)) throw notAPage('an item is not an object')
  return { cursor, has_more, items }
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

function toItem(json: string, parsedItem: Record<string, unknown>): Item {
  const texts = TEXTS.flatMap(name =>
    typeof parsedItem[name] === 'string' ? [[name, parsedItem[name]]] : [],
  )
  return { json, ...Object.fromEntries(texts) }
}

/**
 * Reads the body of a 200. `items: null` is an empty page. Throws RunFailure (ThirdPartyGeneric) if the body is not a
 * page.
 */
export function readPage(body: Uint8Array): Page {
  const text = decode(body)
  const { cursor, has_more, items } = checkPage(parse(text))
  const span = items.length > 0 ? findItems(text) : undefined
  const spans = span ? iterateElements(text, span.start) : []
  return {
    cursor,
    hasMore: has_more,
    items: Array.from(spans, ({ start, end }, index) =>
      toItem(withoutSpace(text.slice(start, end)), items[index] ?? {}),
    ),
  }
}
