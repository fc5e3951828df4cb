import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Expression } from '../../../shared/domain/rule/expression.ts'
import { compile } from '../../support/rules.ts'

function compiled(regexp: string): Expression {
  const expression = compile(regexp)
  if ('fault' in expression) throw new Error(expression.fault)
  return expression
}

const groupsOf = (regexp: string, text: string): string[] =>
  compiled(regexp)
    .findGroups(text, () => {})
    .map(({ start, end }) => text.slice(start, end))

describe('the engine of expressions', () => {
  it('counts the capture groups', () => {
    expect(compiled('a(b)(?:c)(?P<d>d)').groups).toBe(2)
    expect(compiled('abc').groups).toBe(0)
  })

  it('matches whole texts', () => {
    expect(compiled('a+').isMatch('aaa')).toBe(true)
    expect(compiled('a+').isMatch('aaab')).toBe(false)
    expect(compiled('a|ab').isMatch('ab')).toBe(true)
    expect(compiled('(?i).*A😀.*').isMatch('xa😀')).toBe(true)
  })

  it('finds the groups of every match, in UTF-16 units', () => {
    expect(groupsOf('(b)c', 'abc😀bc')).toEqual(['b', 'b'])
    expect(groupsOf('(😀)(x)?', 'a😀b😀x')).toEqual(['😀', '😀', 'x'])
    expect(groupsOf('((a)b)', 'ab')).toEqual(['ab', 'a'])
  })

  it('leaves out empty groups, and ends', () => {
    expect(groupsOf('(x*)', 'axa')).toEqual(['x'])
    expect(groupsOf('()', 'abc')).toEqual([])
  })

  it('calls back for each match, also for empty ones', () => {
    let matches = 0
    compiled('()').findGroups('abc', () => matches++)
    expect(matches).toBe(4)
  })

  it('finds what the engine of JavaScript finds', () => {
    const regexp = fc.constantFrom('(a+)b?', '([^b]*)', '(a|b|ab)(c?)', '(\\w)\\W', '("a")(.*?)c', '([é😀])')
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', '"', ' ', 'é', '😀'), { maxLength: 20 })
      .map(all => all.join(''))
    fc.assert(
      fc.property(regexp, text, (expression, subject) => {
        const native = [...subject.matchAll(new RegExp(expression, 'gu'))].flatMap(([, ...groups]) => groups)
        expect(groupsOf(expression, subject)).toEqual(native.filter(group => group))
      }),
    )
  })

  it.each(['(x+x+)+y', '(x*)*y', '(?:x|x)*y', '(.*)*y', '(x?){200}x{200}y'])(
    'takes no long time for %s, which hangs the engine of JavaScript',
    regexp => {
      const text = `{"a":"${'x'.repeat(20_000)}"}`
      expect(compiled(regexp).isMatch(text)).toBe(false)
      expect(groupsOf(regexp, text)).toEqual([])
    },
    20_000,
  )
})
