import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  iterateElements,
  iterateMembers,
  withoutSpace as withoutSpaceBytes,
} from '../../../../shared/domain/stream/json-text.ts'
import { compact, jsonObject, jsonValue, spaced, spaces } from '../../../support/json-tokens.ts'

const withoutSpace = (text: string): string =>
  Buffer.from(withoutSpaceBytes(Buffer.from(text))).toString('utf8')

const elements = (text: string): string[] =>
  Array.from(iterateElements(text, text.indexOf('[')), ({ start, end }) => text.slice(start, end))

const members = (text: string): [string, string][] =>
  Array.from(iterateMembers(text, text.indexOf('{')), ({ key, value }) => [
    text.slice(key.start, key.end),
    text.slice(value.start, value.end),
  ])

describe('withoutSpace', () => {
  it('keeps every token of any JSON text and removes everything between the tokens', () => {
    fc.assert(
      fc.property(jsonValue, spaces, (tokens, between) => {
        expect(withoutSpace(spaced(tokens, between))).toBe(compact(tokens))
      }),
    )
  })

  it.each([
    ['white space inside a string', '{ "a b" : "c\\" d" }', '{"a b":"c\\" d"}'],
    ['a string that ends in a backslash', '[ "a\\\\" , " b" ]', '["a\\\\"," b"]'],
    ['line separators of JavaScript inside a string', '[ "\u2028\u2029\u00a0" ]', '["\u2028\u2029\u00a0"]'],
    ['a bare scalar', '\r\n\t 1.0 ', '1.0'],
  ])('keeps %s', (_name, text, expected) => {
    expect(withoutSpace(text)).toBe(expected)
  })

  it('keeps a string of a million escapes', () => {
    const text = `["${'\\n'.repeat(1_000_000)}"]`
    expect(withoutSpace(` ${text} `)).toBe(text)
  })
})

describe('iterateElements', () => {
  it('finds the elements of any array, in order', () => {
    fc.assert(
      fc.property(fc.array(jsonValue, { maxLength: 5 }), spaces, (values, between) => {
        const text = spaced(
          ['[', ...values.flatMap((value, i) => (i ? [',', ...value] : value)), ']'],
          between,
        )
        expect(elements(text).map(withoutSpace)).toEqual(values.map(compact))
      }),
    )
  })

  it.each([
    ['[]', []],
    [' [ \n ] ', []],
    ['[[],{},""]', ['[]', '{}', '""']],
    ['["]",  "[{\\"" ,1]', ['"]"', '"[{\\""', '1']],
    ['[1,[2,[3,"]"]],{"a":["}"]}]', ['1', '[2,[3,"]"]]', '{"a":["}"]}']],
  ])('of %s', (text, expected) => {
    expect(elements(text)).toEqual(expected)
  })
})

describe('iterateMembers', () => {
  it('finds the members of any object, repeated keys included, the last of a key being what JSON.parse keeps', () => {
    fc.assert(
      fc.property(jsonObject, spaces, (tokens, between) => {
        const text = spaced(tokens, between)
        const found = members(text)
        const last = new Map(found.map(([key, value]) => [JSON.parse(key), JSON.parse(value)]))
        expect(last).toEqual(new Map(Object.entries(JSON.parse(text))))
        const joined = found.map(([key, value]) => `${key}:${withoutSpace(value)}`).join(',')
        expect(`{${joined}}`).toBe(compact(tokens))
      }),
    )
  })

  it('of an object without members', () => {
    expect(members(' { \n } ')).toEqual([])
  })
})
