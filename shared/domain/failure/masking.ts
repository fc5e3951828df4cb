import { TOKEN_MASK } from '../source/api-token.ts'
import { type Decoded, decodeAll } from './decoding.ts'

/** A part of a secret of this length is hidden. A shorter one helps nobody. */
const PART = 8

/** At the end of a text a shorter part is hidden too: the text may have been cut within the secret. */
const PART_AT_END = 4

/** A longer text is cut before it is searched: no line, task or event shows so much. */
const MOST_SEARCHED = 16 * 1024

/** A full stop, in each way in which a proxy may write it. */
const DOT = String.raw`(?:\.|%(?:25)*2[eE]|\\+u002[eE]|&#46;|&#x2[eE];)`

/** 1Password's tokens are JSON Web Tokens. The second pattern finds any credential in a header. */
const CREDENTIALS = [
  new RegExp(`eyJ[\\w-]{8,}${DOT}[\\w-]+(?:${DOT}[\\w-]*)?`, 'g'),
  /(?<=\b(?:Bearer|Basic)(?: +|%20|\+|\\+u0020))[\w.~+/=%\\&#;-]{8,}/g,
]

type Range = readonly [start: number, end: number]

/** A secret, and what tells that a text may hold a part of it. */
interface Known {
  readonly secret: string
  /** The length of a part. */
  readonly size: number
  /** Every part holds one of these at a multiple of `step`. A text has few such places, so they come first. */
  readonly windows: ReadonlySet<string>
  readonly step: number
}

const WINDOW = 4

/** Lists all parts of this length. */
const listParts = (secret: string, size: number): ReadonlySet<string> =>
  new Set(Array.from({ length: secret.length - size + 1 }, (_, i) => secret.slice(i, i + size)))

function toKnown(secret: string): Known {
  const size = Math.min(PART, secret.length)
  const window = Math.min(WINDOW, size)
  return { secret, size, windows: listParts(secret, window), step: size - window + 1 }
}

function mayHoldPart(text: string, { size, windows, step }: Known): boolean {
  const window = size - step + 1
  for (let at = 0; at + window <= text.length; at += step) {
    if (windows.has(text.slice(at, at + window))) return true
  }
  return false
}

function findParts(text: string, known: Known): Range[] {
  if (!mayHoldPart(text, known)) return []
  const { size, secret } = known
  const parts = listParts(secret, size)
  const found: Range[] = []
  for (let at = 0; at + size <= text.length; at++) {
    if (parts.has(text.slice(at, at + size))) found.push([at, at + size])
  }
  return found
}

/** The length of the longest begin of the secret with which the text ends. */
function countAtEnd(text: string, secret: string): number {
  for (let size = PART - 1; size >= PART_AT_END; size--) {
    if (secret.length > size && text.endsWith(secret.slice(0, size))) return size
  }
  return 0
}

/** Returns the ranges of the original text from which a secret, or a part of one, can be decoded. */
function findRanges({ text, findPlaces }: Decoded, known: Known): Range[] {
  const found = findParts(text, known)
  const atEnd = countAtEnd(text, known.secret)
  if (atEnd > 0) found.push([text.length - atEnd, text.length])
  if (found.length === 0) return []
  const { starts, ends } = findPlaces()
  return found.map(([from, to]) => [starts[from] ?? 0, ends[to - 1] ?? 0])
}

function replaceRanges(text: string, ranges: readonly Range[]): string {
  let masked = ''
  let at = 0
  for (const [start, end] of ranges.toSorted(([a], [b]) => a - b)) {
    if (start > at || masked === '') masked += text.slice(at, start) + TOKEN_MASK
    at = Math.max(at, end)
  }
  return masked + text.slice(at)
}

function maskKnown(text: string, secrets: readonly string[]): string {
  const known = [...new Set(secrets)].filter(secret => secret !== '').map(toKnown)
  if (known.length === 0) return text
  const decoded = decodeAll(text)
  const ranges = known.flatMap(each => decoded.flatMap(from => findRanges(from, each)))
  return ranges.length > 0 ? replaceRanges(text, ranges) : text
}

/**
 * Replaces the given secrets, and whatever else looks like a credential, by the mask. It finds a secret also in the usual
 * encodings, and parts of it: a text may have been cut within a secret.
 */
export function maskText(text: string, secrets: readonly string[]): string {
  const withoutKnown = maskKnown(text.slice(0, MOST_SEARCHED), secrets)
  return CREDENTIALS.reduce((masked, pattern) => masked.replace(pattern, TOKEN_MASK), withoutKnown)
}

/** An error without secrets, to be thrown on: AWS quotes what it refuses. */
export function maskedError(error: unknown, secrets: readonly string[]): Error {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  const masked = Object.assign(new Error(maskText(message, secrets)), { name })
  if (stack !== undefined) masked.stack = maskText(stack, secrets)
  return masked
}
