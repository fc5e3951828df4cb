import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Item } from '../../../../shared/domain/stream/item.ts'
import { readPage } from '../../../../shared/domain/stream/page.ts'
import { salvagePage } from '../../../../shared/domain/stream/salvaged-page.ts'
import { examples } from '../../../support/examples.ts'
import { asText } from '../../../support/item-text.ts'
import { compact, jsonObject, spaces, type Tokens } from '../../../support/json-tokens.ts'

const REFUSED = new Error('refused')

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')

function salvage(body: string | Buffer) {
  const { items, unreadable = [], ...frame } = salvagePage(Buffer.from(body), REFUSED)
  const asReceived = unreadable.map(bytes => Buffer.from(bytes).toString('latin1'))
  return { ...frame, items: items.map(item => asText(item).json), unreadable: asReceived }
}

/** What is no event, and leaves the places of other items where they are. */
const BAD = [
  'null',
  'NaN',
  '7',
  '"text"',
  '[{"a":1}]',
  '{"n":NaN}',
  '{"n":-Infinity}',
  '{"t":"\xff"}',
  '{"a":1,}',
  '{"t":"a\tb"}',
  '{a:1}',
  '{"a":1]',
  '',
]

describe('a page with items that are no events', () => {
  it.each(BAD)('gives the others, and %j as received', bad => {
    const body = bytesOf(`{"cursor":"c","items":[{"a":1.0} ,\n ${bad} , {"b":"\xc3\xa9"}],"has_more":true}`)
    expect(salvage(body)).toEqual({
      cursor: 'c',
      hasMore: true,
      items: ['{"a":1.0}', '{"b":"é"}'],
      unreadable: [bad],
    })
  })

  it('gives every good item token for token, whatever bad ones lie between', () => {
    const entry = fc.oneof(
      jsonObject.map((tokens: Tokens) => ({ good: compact(tokens) })),
      fc.constantFrom(...BAD.filter(bad => bad !== '')).map(bad => ({ bad })),
    )
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), spaces, (entries, [space = '']) => {
        const texts = entries.map(each => ('good' in each ? Buffer.from(each.good) : bytesOf(each.bad)))
        const list = texts.flatMap((text, i) => [...(i ? [Buffer.from(`${space},`)] : []), text])
        const body = Buffer.concat([
          Buffer.from('{"has_more":false,"items":['),
          ...list,
          Buffer.from(`]${space},"cursor":"é"}`),
        ])
        expect(salvage(body)).toEqual({
          cursor: 'é',
          hasMore: false,
          items: entries.flatMap(each => ('good' in each ? each.good : [])),
          unreadable: entries.flatMap(each => ('bad' in each ? each.bad : [])),
        })
      }),
    )
  })

  it('is read as it would be read if all its items are good', () => {
    fc.assert(
      fc.property(fc.array(jsonObject, { maxLength: 4 }), items => {
        const body = Buffer.from(
          `\ufeff {"items":[${items.map(compact).join(',')}],"cursor":"c","has_more":true}`,
        )
        expect(salvagePage(body, REFUSED)).toEqual(readPage(body))
      }),
    )
  })

  it.each([
    ['HTML', '<html>'],
    ['nothing', ''],
    ['a cut-off page', '{"cursor":"c","items":[{"a":1},{"b"'],
    ['a page cut off within a string', '{"cursor":"c","items":[{"a":1},{"b":"'],
    ['a page cut off after the items', '{"cursor":"c","has_more":false,"items":[{"a":1}]'],
    ['a bracket that closes another', '{"cursor":"c","has_more":false,"items":[{"a":]},{"b":1}]}'],
    ['a quotation mark too many', '{"items":[{"a":"O"Brien"},{"b":"x"}],"cursor":"c","has_more":false}'],
    ['items without a comma', '{"cursor":"c","items":[{"a":1} {"b":1}]}'],
    ['no cursor', '{"items":[null,{"a":1}],"has_more":true}'],
    ['a cursor that is not UTF-8', '{"cursor":"\xff","items":[null]}'],
    ['a has_more that is no JSON', '{"cursor":"c","has_more":NaN,"items":[null]}'],
    ['a list of pages', '[{"cursor":"c","items":[null],"has_more":false}]'],
    ['items that are an object', '{"cursor":"c","items":{"0":null}}'],
  ])('is refused with the first failure where its structure is wrong: %s', (_name, text) => {
    expect(() => salvagePage(bytesOf(text), REFUSED)).toThrow(REFUSED)
  })

  it.each(['', ',"items":null', ',"items":[]'])('has no items if there are none: %j', items => {
    const body = bytesOf(`{"cursor":"c"${items},"other":"\xff"}`)
    expect(salvage(body)).toEqual({ cursor: 'c', hasMore: false, items: [], unreadable: [] })
  })

  it('never takes what is no JSON object for an event, whatever byte is damaged', () => {
    const good = '{"cursor":"c","has_more":true,"items":[{"uuid":"A","n":[1,{"x":"y"}]},{"uuid":"B"}]}'
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
        const body = Buffer.from(good)
        body[at] = byte
        let items: readonly Item[] = []
        try {
          items = salvagePage(body, REFUSED).items
        } catch (error) {
          expect(error).toBe(REFUSED)
        }
        for (const item of items) expect(JSON.parse(asText(item).json)).toBeTypeOf('object')
      }),
      { numRuns: examples(2000) },
    )
  })
})

describe('a last page with events and without a cursor', () => {
  it.each(['', ',"cursor":null', ',"cursor":""'])('gives its events%s', cursor => {
    expect(salvage(`{"has_more":false,"items":[{"a":1},{"b":2}]${cursor}}`)).toEqual({
      cursor: '',
      hasMore: false,
      items: ['{"a":1}', '{"b":2}'],
      unreadable: [],
    })
  })

  it.each([
    ['that there is more', '{"has_more":true,"items":[{"a":1}]}'],
    ['nothing about more', '{"items":[{"a":1}]}'],
    ['no list', '{"has_more":false}'],
  ])('gives none if it says %s', (_name, body) => {
    expect(() => salvage(body)).toThrow(REFUSED)
  })
})
