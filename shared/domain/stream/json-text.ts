/**
 * Finds the parts of a JSON text and does not rebuild them. So numbers, escapes, the order of keys and repeated keys
 * stay as they were received. Every function needs text that JSON.parse has accepted. Positions are indexes into it.
 */

export interface Span {
  readonly start: number
  readonly end: number
}

export interface Member {
  readonly key: Span
  readonly value: Span
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const SPACE = 0x20

const isOpening = (code: number): boolean => code === 0x7b || code === 0x5b
const isClosing = (code: number): boolean => code === 0x7d || code === 0x5d

function skipSpace(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) <= SPACE) at++
  return at
}

function endOfString(text: string, open: number): number {
  for (let close = text.indexOf('"', open + 1); ; close = text.indexOf('"', close + 1)) {
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

/** Iterates over the elements of the array that begins at `open`. */
export function* iterateElements(text: string, open: number): Generator<Span> {
  let at = skipSpace(text, open + 1)
  while (!isClosing(text.charCodeAt(at))) {
    const element = valueAt(text, at)
    yield element
    at = skipSpace(text, element.end)
    if (text.charCodeAt(at) === COMMA) at++
  }
}

/** Iterates over the members of the object that begins at `open`, also over repeated keys. */
export function* iterateMembers(text: string, open: number): Generator<Member> {
  let at = skipSpace(text, open + 1)
  while (!isClosing(text.charCodeAt(at))) {
    const key = valueAt(text, at)
    const value = valueAt(text, skipSpace(text, key.end) + 1)
    yield { key, value }
    at = skipSpace(text, value.end)
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1)
  }
}

/** Removes the white space between tokens, so that the text is on one line. The tokens stay the same. */
export function withoutSpace(json: string): string {
  let kept = ''
  let from = 0
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) at = endOfString(json, at) - 1
    else if (code <= SPACE) {
      kept += json.slice(from, at)
      from = at + 1
    }
  }
  return kept + json.slice(from)
}
