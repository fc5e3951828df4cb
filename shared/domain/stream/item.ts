import { isUtf8 } from 'node:buffer'
import { MAX_ITEM_TEXT } from '../../contract/limits.ts'
import {
  createReader,
  enter,
  finish,
  goOn,
  type JsonReader,
  OPENING_BRACE,
  peek,
  QUOTE,
  skipColon,
  skipSpace,
  skipString,
  skipValue,
} from './json-reader.ts'
import { withoutSpace } from './json-text.ts'

/** One event. */
export interface Item {
  /** The tokens that were received, on one line, in UTF-8. */
  readonly json: Uint8Array
  readonly uuid?: string
  /** As received. See timestamp.ts. */
  readonly timestamp?: string
  /** Only sign-in attempts have it. */
  readonly category?: string
  /** Only item usages and audit events have it. */
  readonly action?: string
  /** A member may have the name of our metadata. It begins with `_`, or has an escape. */
  readonly mayHaveMetadata?: true
  /** How the event is recognised, if processing rules have changed it so that its line does not show that. */
  readonly mark?: string
}

/** Returns the item as text, for what needs a closer look. */
export const toItemText = ({ json: { buffer, byteOffset, length } }: Item): string =>
  Buffer.from(buffer, byteOffset, length).toString('utf8')

type Texts = { -readonly [K in 'uuid' | 'timestamp' | 'category' | 'action']?: string }
type Mutable = Texts & { mayHaveMetadata?: true }

/** The names of the members that are read, each with its quotes. */
const NAMES = (['uuid', 'timestamp', 'category', 'action'] as const).map(name => ({
  name,
  bytes: Buffer.from(`"${name}"`),
}))

const UNDERSCORE = 0x5f

/** A character of a string has at most six bytes. */
const MAX_TEXT_BYTES = MAX_ITEM_TEXT * 6 + 2

/** Returns the name of the member whose key this is, if it is one that is read. */
function findName({ bytes }: JsonReader, start: number, end: number): keyof Texts | undefined {
  for (const { name, bytes: wanted } of NAMES) {
    let same = 0
    while (same < wanted.length && bytes[start + same] === wanted[same]) same++
    if (same === wanted.length && start + same <= end) return name
  }
  return undefined
}

/** The same for a key with an escape. */
function decodeName({ bytes }: JsonReader, start: number, end: number): keyof Texts | undefined {
  const key: string = JSON.parse(bytes.toString('utf8', start, end))
  return NAMES.find(({ name }) => name === key)?.name
}

/** Returns the value that the reader has just passed, if it is a text that is not overlong. */
function readText({ bytes, at }: JsonReader, start: number): string | undefined {
  if (bytes[start] !== QUOTE || at - start > MAX_TEXT_BYTES) return undefined
  const raw = bytes.toString('utf8', start + 1, at - 1)
  const text: string = raw.includes('\\') ? JSON.parse(`"${raw}"`) : raw
  return text.length <= MAX_ITEM_TEXT ? text : undefined
}

/** Reads one member. Of repeated members the last one counts, as for JSON.parse. */
function readMember(reader: JsonReader, item: Mutable): void {
  const { bytes, at: start } = reader
  const hasEscape = skipString(reader)
  const end = reader.at
  if (hasEscape || bytes[start + 1] === UNDERSCORE) item.mayHaveMetadata = true
  const name = hasEscape ? decodeName(reader, start, end) : findName(reader, start, end)
  skipColon(reader)
  const value = reader.at
  skipValue(reader)
  if (name === undefined) return
  const text = readText(reader, value)
  if (text === undefined) delete item[name]
  else item[name] = text
}

/** Reads the object that begins where the reader stands. Throws SyntaxError. */
export function readItem(reader: JsonReader): Item {
  const { bytes, at: start, spaces } = reader
  const texts: Mutable = {}
  if (enter(reader)) {
    do readMember(reader, texts)
    while (goOn(reader))
  }
  const received = bytes.subarray(start, reader.at)
  return { json: reader.spaces > spaces ? withoutSpace(received) : received, ...texts }
}

/** Reads bytes that are one item and nothing else. Throws SyntaxError if they are not. */
export function parseItem(bytes: Uint8Array): Item {
  if (!isUtf8(bytes)) throw new SyntaxError('no UTF-8')
  const reader = createReader(bytes)
  skipSpace(reader)
  if (peek(reader) !== OPENING_BRACE) throw new SyntaxError('no object')
  const item = readItem(reader)
  finish(reader)
  return item
}
