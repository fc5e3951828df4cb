/**
 * Reads JSON from bytes in one pass. It refuses exactly what JSON.parse refuses, and builds nothing. The bytes must be
 * UTF-8. Every function throws SyntaxError.
 */

export interface JsonReader {
  readonly bytes: Buffer
  /** Where the reader stands. */
  at: number
  /** How many bytes of white space between tokens it has passed. */
  spaces: number
  /** The closing brackets of what is open, the innermost last. */
  readonly open: number[]
}

export const createReader = ({ buffer, byteOffset, length }: Uint8Array): JsonReader => ({
  bytes: Buffer.from(buffer, byteOffset, length),
  at: 0,
  spaces: 0,
  open: [],
})

export const QUOTE = 0x22
export const BACKSLASH = 0x5c
export const OPENING_BRACE = 0x7b
export const OPENING_BRACKET = 0x5b
export const CLOSING_BRACE = 0x7d
export const CLOSING_BRACKET = 0x5d
export const COMMA = 0x2c
export const COLON = 0x3a
const MINUS = 0x2d
const PLUS = 0x2b
const POINT = 0x2e
const ZERO = 0x30
const UPPER_E = 0x45
const LOWER_E = 0x65
const LOWER_U = 0x75

const tableOf = (isMember: (character: string, code: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, code) => Number(isMember(String.fromCharCode(code), code)))

/** Bytes that a string may hold as they are. */
const PLAIN = tableOf((character, code) => code >= 0x20 && character !== '"' && character !== '\\')
const SPACE = tableOf(character => ' \t\n\r'.includes(character))
const DIGIT = tableOf(character => character >= '0' && character <= '9')
const HEX = tableOf(character => /[0-9a-fA-F]/.test(character))
const ESCAPED = tableOf(character => '"\\/bfnrt'.includes(character))

/** Behind the last byte there is 0, which is no part of any JSON. */
const byteAt = (bytes: Uint8Array, at: number): number => (at < bytes.length ? (bytes[at] as number) : 0)

const refuse = ({ at }: JsonReader): never => {
  throw new SyntaxError(`no JSON at byte ${at}`)
}

export const peek = ({ bytes, at }: JsonReader): number => byteAt(bytes, at)

export function skipSpace(reader: JsonReader): void {
  const { bytes, at: from } = reader
  let at = from
  while (SPACE[byteAt(bytes, at)] === 1) at++
  reader.spaces += at - from
  reader.at = at
}

/** Goes over one byte, which must be this one. */
function skip(reader: JsonReader, code: number): void {
  if (peek(reader) !== code) refuse(reader)
  reader.at++
}

/** Returns where the escape that begins at a backslash ends. */
function endOfEscape(reader: JsonReader, at: number): number {
  const { bytes } = reader
  const code = byteAt(bytes, at + 1)
  if (ESCAPED[code] === 1) return at + 2
  for (let digit = at + 2; digit < at + 6; digit++)
    if (code !== LOWER_U || HEX[byteAt(bytes, digit)] !== 1) refuse(reader)
  return at + 6
}

/** Goes over a string. Returns whether it has an escape. */
export function skipString(reader: JsonReader): boolean {
  const { bytes } = reader
  skip(reader, QUOTE)
  let { at } = reader
  let hasEscape = false
  for (;;) {
    while (PLAIN[byteAt(bytes, at)] === 1) at++
    const code = byteAt(bytes, at)
    if (code === QUOTE) break
    if (code !== BACKSLASH) refuse(reader)
    hasEscape = true
    at = endOfEscape(reader, at)
  }
  reader.at = at + 1
  return hasEscape
}

function skipDigits(reader: JsonReader): void {
  const { bytes, at: from } = reader
  let at = from
  while (DIGIT[byteAt(bytes, at)] === 1) at++
  if (at === from) refuse(reader)
  reader.at = at
}

function skipNumber(reader: JsonReader): void {
  if (peek(reader) === MINUS) reader.at++
  if (peek(reader) === ZERO) reader.at++
  else skipDigits(reader)
  if (peek(reader) === POINT) {
    reader.at++
    skipDigits(reader)
  }
  const code = peek(reader)
  if (code !== LOWER_E && code !== UPPER_E) return
  reader.at++
  const sign = peek(reader)
  if (sign === PLUS || sign === MINUS) reader.at++
  skipDigits(reader)
}

const WORDS: readonly (readonly [number, Uint8Array])[] = ['true', 'false', 'null'].map(word => [
  word.charCodeAt(0),
  new TextEncoder().encode(word),
])

function skipScalar(reader: JsonReader): void {
  const code = peek(reader)
  if (code === QUOTE) {
    skipString(reader)
    return
  }
  for (const [first, word] of WORDS) {
    if (code !== first) continue
    for (const byte of word) skip(reader, byte)
    return
  }
  skipNumber(reader)
}

/** Goes over the colon behind a key, to its value. */
export function skipColon(reader: JsonReader): void {
  skipSpace(reader)
  skip(reader, COLON)
  skipSpace(reader)
}

function skipKey(reader: JsonReader): void {
  skipString(reader)
  skipColon(reader)
}

/** Goes to the first member or element of what opens here. Returns false if there is none, and it is closed again. */
export function enter(reader: JsonReader): boolean {
  const closing = peek(reader) === OPENING_BRACE ? CLOSING_BRACE : CLOSING_BRACKET
  reader.at++
  skipSpace(reader)
  if (peek(reader) === closing) {
    reader.at++
    return false
  }
  reader.open.push(closing)
  return true
}

/** Goes on behind a value: to the next member or element. Returns false if there is none, and what was open is closed. */
export function goOn(reader: JsonReader): boolean {
  skipSpace(reader)
  if (peek(reader) === COMMA) {
    reader.at++
    skipSpace(reader)
    return true
  }
  skip(reader, reader.open.at(-1) ?? COMMA)
  reader.open.pop()
  return false
}

export const isOpening = (code: number): boolean => code === OPENING_BRACE || code === OPENING_BRACKET

/** Goes over a value of any depth. */
export function skipValue(reader: JsonReader): void {
  const { open } = reader
  const depth = open.length
  for (;;) {
    if (isOpening(peek(reader))) {
      if (enter(reader)) {
        if (open.at(-1) === CLOSING_BRACE) skipKey(reader)
        continue
      }
    } else skipScalar(reader)
    while (open.length > depth && !goOn(reader));
    if (open.length === depth) return
    if (open.at(-1) === CLOSING_BRACE) skipKey(reader)
  }
}

/** Goes to the end of the text, where nothing but white space may be left. */
export function finish(reader: JsonReader): void {
  skipSpace(reader)
  if (reader.at < reader.bytes.length) refuse(reader)
}
