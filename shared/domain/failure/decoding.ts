/** For each character of a decoded text: the part of the original text that it came from. */
export interface Places {
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** A text that was decoded from another one. */
export interface Decoded {
  readonly text: string
  /** Is computed on demand: in most texts nobody finds a secret. */
  readonly findPlaces: () => Places
}

/** Every text is decoded from itself. */
const undecoded = (text: string): Decoded => ({
  text,
  findPlaces: () => ({
    starts: Array.from({ length: text.length }, (_, i) => i),
    ends: Array.from({ length: text.length }, (_, i) => i + 1),
  }),
})

interface Encoding {
  readonly pattern: RegExp
  /** Gets the match and its groups. */
  readonly decode: (match: readonly (string | undefined)[]) => string
}

const charOf = (digits: string, base: 10 | 16): string => {
  const code = Number.parseInt(digits, base)
  return code <= 0xffff ? String.fromCharCode(code) : ''
}

/** Names in HTML of characters that a token may hold. */
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  period: '.',
  sol: '/',
  bsol: '\\',
  lowbar: '_',
  plus: '+',
  equals: '=',
}

/** Nobody knows where in the run the encoding begins, so each beginning is tried. */
const decodeRun = (run: string, encoding: 'base64' | 'hex', beginnings: number): string =>
  Array.from({ length: beginnings }, (_, i) => Buffer.from(run.slice(i), encoding).toString('latin1')).join(
    '\n',
  )

/** How a proxy may write the request that it was sent into its answer. */
const ENCODINGS: readonly Encoding[] = [
  {
    pattern: /\\(?:u([0-9a-f]{4})|u\{0*([0-9a-f]{1,4})\}|x([0-9a-f]{2})|(["'`\\/])|[nrt])/gi,
    decode: ([, four, braced, two, char]) => char ?? charOf(four ?? braced ?? two ?? '20', 16),
  },
  { pattern: /%([0-9a-f]{2})/gi, decode: ([, digits = '']) => charOf(digits, 16) },
  {
    pattern:
      /&(?:#x0*([0-9a-f]{1,4})|#0*(\d{1,5})|(amp|lt|gt|quot|apos|period|b?sol|lowbar|plus|equals));?/gi,
    decode: ([, hex, decimal, name = '']) =>
      NAMED[name.toLowerCase()] ?? (hex === undefined ? charOf(decimal ?? '', 10) : charOf(hex, 16)),
  },
  { pattern: /[\s\u00ad\u200b]+/g, decode: () => '' },
  { pattern: /[A-Za-z0-9+/_-]{12,}={0,2}/g, decode: ([run = '']) => decodeRun(run, 'base64', 4) },
  { pattern: /[0-9a-f]{16,}/gi, decode: ([run = '']) => decodeRun(run, 'hex', 2) },
]

/** Undecoded parts keep their places. All characters of a decoded part come from the whole of it. */
function placesAfter({ text, findPlaces }: Decoded, { pattern, decode }: Encoding): Places {
  const before = findPlaces()
  const starts: number[] = []
  const ends: number[] = []
  let at = 0
  const keep = (until: number): void => {
    for (; at < until; at++) {
      starts.push(before.starts[at] ?? 0)
      ends.push(before.ends[at] ?? 0)
    }
  }
  for (const match of text.matchAll(pattern)) {
    keep(match.index)
    at = match.index + match[0].length
    for (let left = decode(match).length; left > 0; left--) {
      starts.push(before.starts[match.index] ?? 0)
      ends.push(before.ends[at - 1] ?? 0)
    }
  }
  keep(text.length)
  return { starts, ends }
}

function decodeOnce(from: Decoded, encoding: Encoding): Decoded | undefined {
  let isEncoded = false
  const text = from.text.replace(encoding.pattern, (...match: string[]) => {
    isEncoded = true
    return encoding.decode(match)
  })
  return isEncoded ? { text, findPlaces: () => placesAfter(from, encoding) } : undefined
}

/** How many encodings may lie in one another. */
const MOST_LAYERS = 3

/** Returns the text and all that can be decoded from it, by each encoding and by each order of several ones. */
export function decodeAll(text: string): readonly Decoded[] {
  const seen = new Set([text])
  const found: Decoded[] = [undecoded(text)]
  let layer = found
  for (let depth = 0; depth < MOST_LAYERS; depth++) {
    layer = layer.flatMap(each => ENCODINGS.flatMap(encoding => decodeOnce(each, encoding) ?? []))
    layer = layer.filter(({ text: decoded }) => !seen.has(decoded) && seen.add(decoded))
    found.push(...layer)
  }
  return found
}
