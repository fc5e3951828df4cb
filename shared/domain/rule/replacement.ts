import { MAX_RULE_GROWTH } from '../../contract/limits.ts'
import type { ChangingRule } from './compiled-rules.ts'
import type { Span } from './expression.ts'
import { listTokens, type Token, toWholeCharacters } from './json-tokens.ts'

/*
 * Replaces parts of a JSON text so that it stays JSON. A part may lie anywhere. In a string, or in a key, what it touches
 * is replaced. A number, true, false or null that it touches becomes a string, as a whole. Quotes and punctuation stay. So
 * nothing that an expression has captured passes, and nothing else is changed.
 */

/** What is to be replaced, and by which rule. `rules`: all that ask for it, the deciding one first. */
export interface Part extends Span {
  readonly rules: readonly ChangingRule[]
}

/** Joins parts that overlap. `order`: of the rules, the deciding one first. */
export function joinParts(parts: readonly Part[], order: readonly ChangingRule[]): readonly Part[] {
  const joined: Part[] = []
  for (const part of [...parts].sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1)
    if (!last || part.start >= last.end) joined.push(part)
    else {
      const rules = new Set([...last.rules, ...part.rules])
      const end = Math.max(last.end, part.end)
      joined[joined.length - 1] = { start: last.start, end, rules: order.filter(rule => rules.has(rule)) }
    }
  }
  return joined
}

type Render = (part: Part, text: string) => string

const ruleFor = ({ rules }: Part): ChangingRule => rules[0] as ChangingRule

const inFull: Render = (part, text) => ruleFor(part).replace(text)

/** Without the half of a character at its end. */
const cut = (text: string, length: number): string => text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')

const shortened: Render = (part, text) => cut(inFull(part, text), text.length * MAX_RULE_GROWTH)

const quoted = (text: string): string => JSON.stringify(text).slice(1, -1)

/** The part of a token that is touched, or undefined. */
function findTouched(token: Token, { start, end }: Span): Span | undefined {
  const inner = token.kind === 'scalar' ? 0 : 1
  const touched = { start: Math.max(start, token.start + inner), end: Math.min(end, token.end - inner) }
  return touched.start < touched.end ? touched : undefined
}

interface TouchedToken {
  readonly token: Token
  readonly parts: readonly Part[]
}

/** Finds the tokens that are touched. Both lists are in the order of their positions. */
function findTouchedTokens(tokens: readonly Token[], parts: readonly Part[]): readonly TouchedToken[] {
  const touched: TouchedToken[] = []
  let from = 0
  for (const token of tokens) {
    while ((parts[from]?.end ?? Number.POSITIVE_INFINITY) <= token.start) from++
    const own: Part[] = []
    for (let i = from; (parts[i]?.start ?? Number.POSITIVE_INFINITY) < token.end; i++) {
      const part = parts[i] as Part
      if (findTouched(token, part)) own.push(part)
    }
    if (own.length > 0) touched.push({ token, parts: own })
  }
  return touched
}

/** Renders the inside of a string whose parts are replaced. */
function renderString(json: string, { token, parts }: TouchedToken, render: Render): string {
  const texts: string[] = []
  let at = token.start + 1
  for (const part of parts) {
    const touched = findTouched(token, part) as Span
    // The part before may have been widened.
    const { start, end } = toWholeCharacters(json, at, { ...touched, start: Math.max(touched.start, at) })
    if (start >= end) continue
    const replaced: string = JSON.parse(`"${json.slice(start, end)}"`)
    texts.push(json.slice(at, start), quoted(render(part, replaced)))
    at = end
  }
  return [...texts, json.slice(at, token.end - 1)].join('')
}

function renderToken(json: string, touched: TouchedToken, render: Render): string {
  const { token, parts } = touched
  if (token.kind !== 'scalar') return renderString(json, touched, render)
  return quoted(render(parts[0] as Part, json.slice(token.start, token.end)))
}

/** The names in use in each object. Case does not count: Athena's reader takes no line that has a key twice. */
type Names = ReadonlyMap<number, Set<string>>

const toName = (inner: string): string => JSON.parse(`"${inner}"`).toLowerCase()

function findNames(json: string, tokens: readonly Token[], touched: ReadonlySet<Token>): Names {
  const names = new Map<number, Set<string>>()
  for (const token of tokens) {
    if (token.kind !== 'key') continue
    const inObject = names.get(token.object) ?? new Set()
    names.set(token.object, inObject)
    if (!touched.has(token)) inObject.add(toName(json.slice(token.start + 1, token.end - 1)))
  }
  return names
}

/** Two keys that are masked alike stay two keys. */
function toUniqueKey(inner: string, taken: Set<string>): string {
  let unique = inner
  for (let n = 2; taken.has(toName(unique)); n++) unique = `${inner}_${n}`
  taken.add(toName(unique))
  return unique
}

interface Work {
  readonly json: string
  readonly tokens: readonly Token[]
  readonly touched: readonly TouchedToken[]
}

function renderAll({ json, tokens, touched }: Work, render: Render): string {
  const hasKey = touched.some(({ token }) => token.kind === 'key')
  const names: Names = hasKey
    ? findNames(json, tokens, new Set(touched.map(({ token }) => token)))
    : new Map()
  const texts: string[] = []
  let at = 0
  for (const each of touched) {
    const { token } = each
    const inner = renderToken(json, each, render)
    const isKey = token.kind === 'key'
    texts.push(
      json.slice(at, token.start),
      `"${isKey ? toUniqueKey(inner, names.get(token.object) ?? new Set()) : inner}"`,
    )
    at = token.end
  }
  return [...texts, json.slice(at)].join('')
}

/** A short event may grow by so much in any case: a hash is longer than most names. */
const FREE_GROWTH = 4096

export interface Replaced {
  readonly json: string
  /** The rules that have replaced something. */
  readonly rules: ReadonlySet<ChangingRule>
}

/**
 * Replaces the parts, which must not overlap and must be in order. If the text would become far longer, each replacement is cut
 * to five times the length of what it replaces.
 */
export function replaceParts(json: string, parts: readonly Part[]): Replaced {
  if (parts.length === 0) return { json, rules: new Set() }
  const tokens = listTokens(json)
  const touched = findTouchedTokens(tokens, parts)
  if (touched.length === 0) return { json, rules: new Set() }
  const work = { json, tokens, touched }
  const full = renderAll(work, inFull)
  const isTooLong = full.length > json.length * MAX_RULE_GROWTH + FREE_GROWTH
  const rules = new Set(touched.flatMap(each => each.parts.flatMap(part => part.rules)))
  return { json: isTooLong ? renderAll(work, shortened) : full, rules }
}
