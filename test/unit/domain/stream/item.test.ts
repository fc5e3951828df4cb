import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseItem } from '../../../../shared/domain/stream/item.ts'
import { asText } from '../../../support/item-text.ts'
import { compact, jsonObject, spaced, spaces } from '../../../support/json-tokens.ts'

const parse = (text: string) => asText(parseItem(Buffer.from(text)))

const TEXTS = ['uuid', 'timestamp', 'category', 'action']

describe('an item', () => {
  it('has the texts that JSON.parse finds, also of repeated and escaped keys, and its tokens on one line', () => {
    const key = fc.constantFrom(...TEXTS.map(name => `"${name}"`), '"\\u0075uid"', '"uuid2"', '"uui"', '"_x"')
    const text = fc.constantFrom('"A"', '"é"', '"\\u00e9\\n"', '""', '7', 'null', '{"uuid":"no"}', '["no"]')
    const members = fc.array(fc.tuple(key, text), { maxLength: 6 })
    fc.assert(
      fc.property(members, spaces, (list, between) => {
        const tokens = ['{', ...list.flatMap(([name, value], i) => [i ? ',' : '', name, ':', value]), '}']
        const parsed = JSON.parse(compact(tokens))
        const wanted = TEXTS.filter(name => typeof parsed[name] === 'string').map(name => [
          name,
          parsed[name],
        ])
        const { json, mayHaveMetadata: _, ...texts } = parse(spaced(tokens, between))
        expect(json).toBe(compact(tokens))
        expect(texts).toEqual(Object.fromEntries(wanted))
      }),
    )
  })

  it('keeps every token of any object and leaves out everything between them', () => {
    fc.assert(
      fc.property(jsonObject, spaces, (tokens, between) => {
        expect(parse(spaced(tokens, between)).json).toBe(compact(tokens))
      }),
    )
  })

  it.each([
    ['{"_metadata":1}', true],
    ['{"_METADATA":1}', true],
    ['{"\\u005fmetadata":1}', true],
    ['{"_metad\\u0061ta":1}', true],
    ['{"a":{"_metadata":1}}', undefined],
    ['{"a":"_metadata"}', undefined],
    ['{}', undefined],
  ])('%s may have a member with the name of our metadata: %j', (text, may) => {
    expect(parse(text).mayHaveMetadata).toBe(may)
  })

  it.each([
    ['a text of 256 characters', `{"uuid":"${'😀'.repeat(128)}"}`, 256],
    ['one of 257', `{"uuid":"${'U'.repeat(257)}"}`, undefined],
    ['256 escapes', `{"uuid":"${'\\u0041'.repeat(256)}"}`, 256],
    ['257 escapes', `{"uuid":"${'\\u0041'.repeat(257)}"}`, undefined],
  ])('uses %s as one, or not', (_name, text, length) => {
    expect(parse(text).uuid?.length).toBe(length)
  })

  it.each(['', 'null', '[]', '{}{}', '{} x', '\ufeff{}', '{"a":1,}', '{"a":NaN}'])('is not %j', text => {
    expect(() => parse(text)).toThrow(SyntaxError)
  })

  it('is nothing that is not UTF-8', () => {
    expect(() => parseItem(Buffer.from('{"a":"\xff"}', 'latin1'))).toThrow(SyntaxError)
  })
})
