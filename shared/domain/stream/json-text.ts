/**
 * Finds the parts of a JSON text and does not rebuild them. So numbers, escapes, the order of keys and repeated keys
 * stay as they were received. Positions are indexes into the text. The text need not be JSON throughout: what lies within
 * a value is not looked at. Every function throws SyntaxError where the text between the values is not JSON.
 */

import { BACKSLASH, CLOSING_BRACE, CLOSING_BRACKET, COLON, COMMA, isOpening, QUOTE } from './json-reader.ts'

export interface Span {
  readonly start: number
  readonly end: number
}

export interface Member {
  readonly key: Span
  readonly value: Span
}

const SPACE = 0x20

const isClosing = (code: number): boolean => code === CLOSING_BRACE || code === CLOSING_BRACKET

function requireCode(text: string, at: number, code: number): void {
  if (text.charCodeAt(at) !== code) throw new SyntaxError(`a ${String.fromCharCode(code)} is missing`)
}

function requireInside(text: string, at: number): void {
  if (at >= text.length) throw new SyntaxError('the text ends too early')
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) <= SPACE) at++
  return at
}

function endOfString(text: string, open: number): number {
  for (let close = text.indexOf('"', open + 1); ; close = text.indexOf('"', close + 1)) {
    if (close === -1) throw new SyntaxError('a string has no end')
    let slashes = 0
    while (text.charCodeAt(close - 1 - slashes) === BACKSLASH) slashes++
    if (slashes % 2 === 0) return close + 1
  }
}

function endOfScalar(text: string, from: number): number {
  let at = from
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code <= SPACE || code === COMMA || isClosing(code)) break
    at++
  }
  return at
}

function endOfNested(text: string, open: number): number {
  let depth = 0
  for (let at = open; ; at++) {
    requireInside(text, at)
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at) - 1
    else if (isOpening(code)) depth++
    else if (isClosing(code) && --depth === 0) return at + 1
  }
}

function valueAt(text: string, from: number): Span {
  const start = skipSpace(text, from)
  const code = text.charCodeAt(start)
  if (code === QUOTE) return { start, end: endOfString(text, start) }
  return { start, end: isOpening(code) ? endOfNested(text, start) : endOfScalar(text, start) }
}

/** Returns where the next value begins, or where the object or array ends. */
function skipComma(text: string, from: number): number {
  const at = skipSpace(text, from)
  if (text.charCodeAt(at) === COMMA) return skipSpace(text, at + 1)
  if (!isClosing(text.charCodeAt(at))) throw new SyntaxError('a comma is missing')
  return at
}

/** Iterates over the elements of the array that begins at `open`. */
export function* iterateElements(text: string, open: number): Generator<Span> {
  let at = skipSpace(text, open + 1)
  while (!isClosing(text.charCodeAt(at))) {
    const element = valueAt(text, at)
    yield element
    at = skipComma(text, element.end)
  }
  requireCode(text, at, CLOSING_BRACKET)
}

/** Iterates over the members of the object that begins at `open`, also over repeated keys. */
export function* iterateMembers(text: string, open: number): Generator<Member> {
  let at = skipSpace(text, open + 1)
  while (!isClosing(text.charCodeAt(at))) {
    const key = valueAt(text, at)
    const colon = skipSpace(text, key.end)
    requireCode(text, colon, COLON)
    const value = valueAt(text, colon + 1)
    yield { key, value }
    at = skipComma(text, value.end)
  }
  requireCode(text, at, CLOSING_BRACE)
}

/** Copies a JSON text without the white space between its tokens, so that it is on one line. The tokens stay the same. */
export function withoutSpace(json: Uint8Array): Uint8Array {
  const kept = new Uint8Array(json.length)
  let length = 0
  let isInString = false
  for (let at = 0; at < json.length; at++) {
    const code = json[at] as number
    if (code === QUOTE) isInString = !isInString
    if (code <= SPACE && !isInString) continue
    kept[length++] = code
    if (code === BACKSLASH) kept[length++] = json[++at] as number
  }
  return kept.subarray(0, length)
}
