import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRunFailure } from '../../../../shared/domain/failure/failure.ts'
import { readPage } from '../../../../shared/domain/stream/page.ts'
import { asText } from '../../../support/item-text.ts'
import { compact, jsonObject, jsonValue, spaced, spaces, type Tokens } from '../../../support/json-tokens.ts'

function pageOf(text: string) {
  const page = readPage(Buffer.from(text, 'utf8'))
  return { ...page, items: page.items.map(asText) }
}
const itemsOf = (text: string): string[] => pageOf(text).items.map(({ json }) => json)

const listed = (items: readonly Tokens[]): Tokens => [
  '[',
  ...items.flatMap((item, i) => (i ? [',', ...item] : item)),
  ']',
]

const CURSOR: Tokens = ['"cursor"', ':', '"c"']
const MORE: Tokens = ['"has_more"', ':', 'false']

function failureOf(body: string | Uint8Array) {
  try {
    readPage(typeof body === 'string' ? Buffer.from(body) : body)
  } catch (error) {
    if (isRunFailure(error)) return error
    throw error
  }
  return undefined
}

describe('a page of the Events API', () => {
  it('gives every item token for token, on one line and in order, whatever white space and members are around', () => {
    const page = fc.record({
      items: fc.array(jsonObject, { maxLength: 4 }),
      spellingOfItems: fc.constantFrom('"items"', '"i\\u0074ems"'),
      unknown: jsonValue,
      order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
      between: spaces,
    })
    fc.assert(
      fc.property(page, ({ items, spellingOfItems, unknown, order, between }) => {
        const members = [CURSOR, MORE, [spellingOfItems, ':', ...listed(items)], ['"other"', ':', ...unknown]]
        const tokens = order.flatMap((which, i) => [i ? ',' : '', ...(members[which] ?? [])])
        const found = itemsOf(spaced(['{', ...tokens, '}'], between))
        expect(found).toEqual(items.map(compact))
        expect(found.join('')).not.toMatch(/[\r\n]/)
      }),
    )
  })

  it('keeps what a number or a text becomes when it is parsed and written again', () => {
    const item =
      '{"z":1.0,"a":1E400,"n":-0,"big":12345678901234567890,"e":"\\u00e9\\ud83d\\ude00\\/","s":"} ] , \\" \\\\","d":null,"a":2}'
    expect(itemsOf(`{"cursor":"c","has_more":false,"items":[${item}]}`)).toEqual([item])
  })

  it('takes line breaks out from between tokens and leaves them, escaped, inside texts', () => {
    const text =
      '{\r\n "cursor": "c",\n "has_more": true,\n "items": [\n {\n "a" : [ 1 ,\n 2 ], "b": "x\\n y" }\n]}'
    expect(itemsOf(text)).toEqual(['{"a":[1,2],"b":"x\\n y"}'])
  })

  it('tells cursor, has_more, and the uuid and timestamp of items that have them as texts', () => {
    const text =
      '{"items":[{"uuid":"U","timestamp":"2026-03-01T00:00:00.123456789Z"},{"uuid":7,"timestamp":null}],"has_more":true,"cursor":"a\\u00e9=="}'
    expect(pageOf(text)).toEqual({
      cursor: 'aé==',
      hasMore: true,
      items: [
        {
          json: '{"uuid":"U","timestamp":"2026-03-01T00:00:00.123456789Z"}',
          uuid: 'U',
          timestamp: '2026-03-01T00:00:00.123456789Z',
        },
        { json: '{"uuid":7,"timestamp":null}' },
      ],
    })
  })

  it.each([
    ['one item', '{"cursor":"c","has_more":false,"items":[{"a":1}]}', ['{"a":1}']],
    ['an item without members', '{"cursor":"c","has_more":false,"items":[{ }]}', ['{}']],
    ['no items', '{"cursor":"c","has_more":false,"items":[]}', []],
    ['items null', '{"cursor":"c","has_more":false,"items":null}', []],
    ['a byte order mark', '\ufeff{"cursor":"c","has_more":false,"items":[{"a":1}]}', ['{"a":1}']],
    [
      'items nested deeper',
      '{"x":{"items":[{"no":1}]},"cursor":"c","has_more":false,"items":[{"a":1}]}',
      ['{"a":1}'],
    ],
    [
      'a text that looks like items',
      '{"x":"\\"items\\":[{}]","cursor":"c","has_more":false,"items":[{"a":1}]}',
      ['{"a":1}'],
    ],
    [
      'items repeated: the last',
      '{"items":[{"a":1}],"cursor":"c","has_more":false,"items":[{"b":2}]}',
      ['{"b":2}'],
    ],
    ['items repeated, the last null', '{"items":[{"a":1}],"cursor":"c","has_more":false,"items":null}', []],
    [
      'items repeated, escaped',
      '{"items":null,"cursor":"c","has_more":false,"\\u0069tems":[{"b":2}]}',
      ['{"b":2}'],
    ],
    [
      'key __proto__',
      '{"__proto__":{"items":[{"no":1}]},"cursor":"c","has_more":false,"items":[{"__proto__":1}]}',
      ['{"__proto__":1}'],
    ],
  ])('may have %s', (_name, text, expected) => {
    expect(itemsOf(text)).toEqual(expected)
  })

  it.each([
    ['no has_more', '{"cursor":"c","items":[{"a":1}]}', 1],
    ['has_more null', '{"cursor":"c","has_more":null,"items":[{"a":1}]}', 1],
    ['no items', '{"cursor":"c","has_more":false}', 0],
    ['neither', '{"cursor":"c"}', 0],
  ])('may have %s beside a cursor: that means no more, or none', (_name, text, count) => {
    expect(pageOf(text)).toMatchObject({ cursor: 'c', hasMore: false })
    expect(itemsOf(text)).toHaveLength(count)
  })

  it.each(['', ',"cursor":null', ',"cursor":""'])('that is empty and the last needs no cursor%s', cursor => {
    expect(pageOf(`{"has_more":false,"items":[]${cursor}}`)).toEqual({
      cursor: '',
      hasMore: false,
      items: [],
    })
  })

  it('may have a cursor of up to 64 KB', () => {
    const cursor = 'é'.repeat(32_768)
    expect(pageOf(`{"cursor":"${cursor}","has_more":false,"items":[]}`).cursor).toBe(cursor)
  })

  it('delivers an item with an overlong uuid, and does not use that as one', () => {
    const item = (length: number) => `{"uuid":"${'U'.repeat(length)}"}`
    const { items } = pageOf(`{"cursor":"c","has_more":false,"items":[${item(256)},${item(257)}]}`)
    expect(items.map(({ uuid }) => uuid?.length)).toEqual([256, undefined])
    expect(items[1]?.json).toBe(item(257))
  })

  it('of 1 MB is read in a time that does not grow with the square of its size', { tags: ['long'] }, () => {
    const item = `{"uuid":"U","text":"${'\\"{[é, ]}\\\\'.repeat(90)}","n":[1.0, {"a": null}]}`
    const items = Array.from({ length: 1000 }, () => item).join(' ,\n ')
    const body = Buffer.from(`{"cursor":"c","has_more":false,"items":[${items}]}`)
    expect(body.length).toBeGreaterThan(1_000_000)
    const startedMs = performance.now()
    expect(readPage(body).items).toHaveLength(1000)
    expect(performance.now() - startedMs).toBeLessThan(2000)
  })
})

describe('a body that is not a page', () => {
  it.each([
    ['HTML', '<html>login</html>', 'is not JSON'],
    ['nothing', '', 'is not JSON'],
    ['a cut-off page', '{"cursor":"c","has_more":false,"items":[{"a":1}', 'is not JSON'],
    ['null', 'null', 'not an object'],
    ['a list', '[]', 'not an object'],
    ['a text', '"page"', 'not an object'],
    ['no cursor, and more to come', '{"has_more":true,"items":[]}', '`cursor`'],
    ['no cursor, and events', '{"has_more":false,"items":[{}]}', '`cursor`'],
    ['no cursor and no has_more', '{"items":[]}', '`cursor`'],
    ['no cursor and no items', '{"has_more":false}', '`cursor`'],
    ['an empty cursor, and events', '{"cursor":"","has_more":false,"items":[{}]}', '`cursor`'],
    [
      'a cursor one byte too long',
      `{"cursor":"${'c'.repeat(65_537)}","has_more":false,"items":[]}`,
      '65537 bytes',
    ],
    [
      'a cursor too long in UTF-8',
      `{"cursor":"${'é'.repeat(32_769)}","has_more":false,"items":[]}`,
      '65538 bytes',
    ],
    ['a cursor that is no text', '{"cursor":1,"has_more":false,"items":[]}', '`cursor`'],
    ['has_more as text', '{"cursor":"c","has_more":"false","items":[]}', '`has_more`'],
    ['items as object', '{"cursor":"c","has_more":false,"items":{}}', '`items`'],
    ['an item that is a text', '{"cursor":"c","has_more":false,"items":[{},"a"]}', 'an item'],
    ['an item that is null', '{"cursor":"c","has_more":false,"items":[null]}', 'an item'],
    ['an item that is a list', '{"cursor":"c","has_more":false,"items":[[]]}', 'an item'],
  ])('is refused as a passing fault of the other side that says why: %s', (_name, body, why) => {
    const failure = failureOf(body)
    expect(failure).toMatchObject({ type: 'ThirdPartyGeneric', code: 200 })
    expect(failure?.message).toContain(why)
    expect(failure?.message).toMatch(/If this lasts, check/)
  })

  it('is refused when it is not UTF-8, rather than delivered with replaced characters', () => {
    const body = Buffer.concat([
      Buffer.from('{"cursor":"c","has_more":false,"items":[{"a":"'),
      Buffer.from([0xff]),
      Buffer.from('"}]}'),
    ])
    expect(failureOf(body)?.message).toContain('not UTF-8')
  })
})
