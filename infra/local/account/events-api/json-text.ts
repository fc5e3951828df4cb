/**
 * Finds the parts of a JSON text without parsing it, so that they can be served exactly as they were written. The text
 * must be valid JSON.
 */

export interface Span {
  readonly start: number
  readonly end: number
}

const SPACE = new Set([' ', '\t', '\n', '\r'])
const CLOSING = new Set([',', ']', '}', ' ', '\t', '\n', '\r', ''])

/** Returns the first place at or after `at` that is not white space. */
function skipSpace(text: string, at: number): number {
  let place = at
  while (SPACE.has(text.charAt(place))) place += 1
  return place
}

function endOfString(text: string, start: number): number {
  let place = start + 1
  while (place < text.length && text.charAt(place) !== '"') place += text.charAt(place) === '\\' ? 2 : 1
  return place + 1
}

function endOfContainer(text: string, start: number): number {
  let depth = 0
  let place = start
  while (place < text.length) {
    const character = text.charAt(place)
    if (character === '"') place = endOfString(text, place)
    else {
      if (character === '{' || character === '[') depth += 1
      if (character === '}' || character === ']') depth -= 1
      place += 1
      if (depth === 0) return place
    }
  }
  return place
}

/** Returns the place after the value that begins at `start`, or the end of the text if the value is cut off. */
function endOfValue(text: string, start: number): number {
  const first = text.charAt(start)
  if (first === '"') return endOfString(text, start)
  if (first === '{' || first === '[') return endOfContainer(text, start)
  let place = start + 1
  while (!CLOSING.has(text.charAt(place))) place += 1
  return place
}

/** Finds the elements of the array that begins at `start`. */
export function* findElements(text: string, start: number): Iterable<Span> {
  let place = skipSpace(text, start + 1)
  while (text.charAt(place) !== ']' && place < text.length) {
    const end = endOfValue(text, place)
    yield { start: place, end }
    place = skipSpace(text, end)
    if (text.charAt(place) === ',') place = skipSpace(text, place + 1)
  }
}

/**
 * Finds the value of a member of the object that begins at `start`. Of members with the same name it is the last one.
 */
export function findMember(text: string, start: number, name: string): Span | undefined {
  let found: Span | undefined
  let place = skipSpace(text, start + 1)
  while (text.charAt(place) === '"') {
    const endOfName = endOfString(text, place)
    const value = skipSpace(text, skipSpace(text, endOfName) + 1)
    const end = endOfValue(text, value)
    if (JSON.parse(text.slice(place, endOfName)) === name) found = { start: value, end }
    place = skipSpace(text, end)
    if (text.charAt(place) === ',') place = skipSpace(text, place + 1)
  }
  return found
}

/** Finds the values that follow one another in a text: one, or many as in NDJSON. */
export function* findValues(text: string): Iterable<Span> {
  let place = skipSpace(text, 0)
  while (place < text.length) {
    const end = endOfValue(text, place)
    yield { start: place, end }
    place = skipSpace(text, end)
  }
}

/** Returns the same tokens with white space of every sort between them. */
export function writeWithWhiteSpace(text: string): string {
  let result = ''
  let place = 0
  while (place < text.length) {
    const character = text.charAt(place)
    const end = character === '"' ? endOfString(text, place) : place + 1
    const token = text.slice(place, end)
    result += '{}[],:'.includes(character) ? ` ${token}\r\n\t` : token
    place = end
  }
  return result
}
