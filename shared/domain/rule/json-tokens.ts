import { BACKSLASH, QUOTE } from '../stream/json-reader.ts'
import type { Span } from './expression.ts'

/** A string, number, true, false or null in a JSON text without white space. */
export interface Token extends Span {
  readonly kind: 'key' | 'string' | 'scalar'
  /** Which object it is in, counted by their opening braces. Keys of one object have the same number. */
  readonly object: number
}

/** Returns where the string that begins here ends, behind its closing quote. */
function endOfString(json: string, start: number): number {
  let at = start + 1
  while (json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at + 1
}

const SCALAR = /[^,\]}]+/y

function endOfScalar(json: string, start: number): number {
  SCALAR.lastIndex = start
  SCALAR.test(json)
  return SCALAR.lastIndex
}

/** Lists the tokens of a JSON text, which must be valid and without white space between tokens. */
export function listTokens(json: string): readonly Token[] {
  const tokens: Token[] = []
  const open: number[] = []
  let objects = 0
  for (let at = 0; at < json.length; ) {
    const character = json[at] as string
    if (character === '{') open.push(objects++)
    else if (character === '[') open.push(-1)
    else if (character === '}' || character === ']') open.pop()
    if ('{}[],:'.includes(character)) at++
    else {
      const isString = character === '"'
      const end = isString ? endOfString(json, at) : endOfScalar(json, at)
      const kind = isString ? (json[end] === ':' ? 'key' : 'string') : 'scalar'
      tokens.push({ start: at, end, kind, object: open.at(-1) ?? -1 })
      at = end
    }
  }
  return tokens
}

const withUsualForm = (text: string): string =>
  text.includes('\\') ? JSON.stringify(JSON.parse(text)) : text

/**
 * Returns the same JSON with each string in its usual form: only quotes, backslashes, control characters and lone surrogates are
 * escaped. So no expression misses a text because it is written with other escapes.
 */
export function withUsualEscapes(json: string): string {
  if (!json.includes('\\')) return json
  const parts: string[] = []
  let from = 0
  for (let at = json.indexOf('"'); at !== -1; at = json.indexOf('"', from)) {
    const end = endOfString(json, at)
    parts.push(json.slice(from, at), withUsualForm(json.slice(at, end)))
    from = end
  }
  return [...parts, json.slice(from)].join('')
}

const UNIT = /\\u[0-9a-f]{4}|\\.|[\uD800-\uDBFF][\uDC00-\uDFFF]|[\s\S]/y

/**
 * Widens a part of a string so that it cuts no escape and no character. `from`: a place before the part, within the string, where
 * a character begins.
 */
export function toWholeCharacters(json: string, from: number, part: Span): Span {
  let [start, end] = [part.start, part.end]
  UNIT.lastIndex = from
  while (UNIT.lastIndex < part.end) {
    const at = UNIT.lastIndex
    UNIT.test(json)
    if (at < part.start && UNIT.lastIndex > part.start) start = at
    if (UNIT.lastIndex > part.end) end = UNIT.lastIndex
  }
  return { start, end }
}
