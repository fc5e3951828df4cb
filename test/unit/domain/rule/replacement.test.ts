import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChangingRule } from '../../../../shared/domain/rule/compiled-rules.ts'
import { withUsualEscapes } from '../../../../shared/domain/rule/json-tokens.ts'
import { joinParts, type Part, replaceParts } from '../../../../shared/domain/rule/replacement.ts'
import { iterateElements, iterateMembers, type Span } from '../../../../shared/domain/stream/json-text.ts'
import { compact, jsonObject } from '../../../support/json-tokens.ts'
import { compile } from '../../../support/rules.ts'

const expression = compile('(x)')
if ('fault' in expression) throw new Error(expression.fault)

const changing = (name: string, text: string): ChangingRule => ({
  ...{ name, id: `c${name}`, expression },
  replace: () => text,
})

const RULES = [changing('one', '#'), changing('two', '"\\\n'), changing('three', 'a longer text 😀')]

/** Parts of a text, anywhere in it, as the captures of several rules. */
const partsOf = (json: string) =>
  fc
    .array(fc.record({ a: fc.nat(json.length), b: fc.nat(json.length), rule: fc.constantFrom(...RULES) }), {
      maxLength: 5,
    })
    .map(all =>
      all
        .map(({ a, b, rule }): Part => ({ start: Math.min(a, b), end: Math.max(a, b), rules: [rule] }))
        .filter(({ start, end }) => start < end),
    )

const scenes = jsonObject
  .map(tokens => withUsualEscapes(compact(tokens)))
  .chain(json => partsOf(json).map(parts => ({ json, parts: joinParts(parts, RULES) })))

const overlaps = ({ start, end }: Span, parts: readonly Part[]): boolean =>
  parts.some(part => part.start < end && start < part.end)

/** Walks two texts of the same structure side by side. Calls `onValue` with each pair of values, and `onKey` with each pair of keys. */
function walk(
  before: { text: string; at: number },
  after: { text: string; at: number },
  onPair: (before: Span, after: Span) => void,
): void {
  const open = before.text[before.at]
  expect(after.text[after.at]).toBe(open)
  const kids = (side: { text: string; at: number }): Span[] =>
    open === '{'
      ? [...iterateMembers(side.text, side.at)].flatMap(({ key, value }) => [key, value])
      : [...iterateElements(side.text, side.at)]
  const [was, is] = [kids(before), kids(after)]
  expect(is.length).toBe(was.length)
  for (const [i, span] of was.entries()) {
    const now = is[i] as Span
    const isNested = '{['.includes(before.text[span.start] as string)
    if (isNested) walk({ ...before, at: span.start }, { ...after, at: now.start }, onPair)
    else onPair(span, now)
  }
}

describe('replacing parts of a JSON text', () => {
  it('leaves JSON of the same structure, whatever the parts touch, and nothing else changes', () => {
    fc.assert(
      fc.property(scenes, ({ json, parts }) => {
        const { json: after } = replaceParts(json, parts)
        expect(() => JSON.parse(after)).not.toThrow()
        walk({ text: json, at: 0 }, { text: after, at: 0 }, (was, is) => {
          if (overlaps(was, parts)) return
          expect(after.slice(is.start, is.end)).toBe(json.slice(was.start, was.end))
        })
      }),
      { numRuns: 500 },
    )
  })

  it('gives no object a key twice that it did not have twice before', () => {
    const countDouble = (json: string): number => {
      let doubled = 0
      const visit = (at: number): void => {
        if (json[at] === '{') {
          const members = [...iterateMembers(json, at)]
          const names = members.map(({ key }) => JSON.parse(json.slice(key.start, key.end)).toLowerCase())
          doubled += names.length - new Set(names).size
          for (const { value } of members) visit(value.start)
        } else if (json[at] === '[') for (const { start } of iterateElements(json, at)) visit(start)
      }
      visit(0)
      return doubled
    }
    fc.assert(
      fc.property(scenes, ({ json, parts }) => {
        expect(countDouble(replaceParts(json, parts).json)).toBeLessThanOrEqual(countDouble(json))
      }),
      { numRuns: 500 },
    )
  })

  it('lets no captured text pass, wherever it stands: in a text, a key, a number, or across all of them', () => {
    const SECRET = '987654321'
    const place = fc.constantFrom<(inner: object) => object>(
      inner => ({ a: SECRET, inner }),
      inner => ({ a: `é😀\\"${SECRET}\n`, inner }),
      inner => ({ [`k${SECRET}`]: 1, [`K${SECRET}`]: 2, inner }),
      inner => ({ a: [Number(SECRET), inner] }),
      inner => ({ a: { b: { c: [true, `x${SECRET}y`] } }, inner }),
    )
    const hidden = fc.tuple(place, place, fc.nat(20), fc.nat(20))
    fc.assert(
      fc.property(hidden, ([outer, inner, before, after]) => {
        const json = JSON.stringify(outer(inner({ last: 'z' })))
        const parts = Array.from(
          json.matchAll(new RegExp(SECRET, 'g')),
          ({ index }): Part => ({
            start: Math.max(1, index - before),
            end: Math.min(json.length, index + SECRET.length + after),
            rules: [RULES[0] as ChangingRule],
          }),
        )
        const { json: shown } = replaceParts(json, joinParts(parts, RULES))
        expect(shown).not.toContain(SECRET)
        expect(() => JSON.parse(shown)).not.toThrow()
      }),
    )
  })

  it('takes time in proportion to the text', () => {
    const json = JSON.stringify({ a: '\\"x'.repeat(200_000) })
    const parts = Array.from(
      json.matchAll(/x/g),
      ({ index }): Part => ({
        ...{ start: index, end: index + 1 },
        rules: [RULES[0] as ChangingRule],
      }),
    )
    const { json: after } = replaceParts(json, parts)
    expect(JSON.parse(after).a).toBe('\\"#'.repeat(200_000))
  }, 5_000)
})

describe('the usual escapes', () => {
  it('leave every value as it is, and keys, numbers and order', () => {
    fc.assert(
      fc.property(jsonObject, tokens => {
        const usual = withUsualEscapes(compact(tokens))
        const isText = (token: string): boolean => token.startsWith('"')
        expect(usual).toBe(
          tokens.map(token => (isText(token) ? JSON.stringify(JSON.parse(token)) : token)).join(''),
        )
      }),
    )
  })
})
