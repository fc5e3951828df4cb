import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_ITEM_TEXT } from '../../../../shared/contract/limits.ts'
import { eventLines } from '../../../../shared/domain/stream/event-line.ts'
import { isMarked, markChanged, markItem, markLine } from '../../../../shared/domain/stream/event-mark.ts'
import { parseItem } from '../../../../shared/domain/stream/item.ts'
import { compact, jsonObject } from '../../../support/json-tokens.ts'
import { sampleSource } from '../../../support/sample-task.ts'

const itemOf = (text: string) => parseItem(Buffer.from(text))

/** The line of an event in the lake. */
const lineOf = (text: string): string =>
  Buffer.from(eventLines([itemOf(text)], sampleSource(), 'sign-in'))
    .toString('utf8')
    .trimEnd()

const withUuid = (uuid: string): string => JSON.stringify({ uuid, n: 1 })

describe('the mark of an event', () => {
  it('is the same for the event as received and for its line in the lake', () => {
    fc.assert(
      fc.property(jsonObject, object => {
        const text = compact(object)
        expect(markLine(lineOf(text))).toBe(markItem(itemOf(text)))
      }),
    )
  })

  it('is the uuid, if the event has a usual one', () => {
    expect(markItem(itemOf(withUuid('EO6G5XPYWZAO3LKJ7DLKHLTCBA')))).toBe('EO6G5XPYWZAO3LKJ7DLKHLTCBA')
  })

  it.each([0, 1, 64, 65, MAX_ITEM_TEXT, MAX_ITEM_TEXT + 1, 100_000])(
    'is short for a uuid of %i characters, and the same in the lake',
    length => {
      const text = withUuid('u'.repeat(length))
      expect(markItem(itemOf(text)).length).toBeLessThanOrEqual(64)
      expect(markLine(lineOf(text))).toBe(markItem(itemOf(text)))
    },
  )

  it('holds no line break, whatever the uuid', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), uuid => {
        expect(markItem(itemOf(withUuid(uuid)))).toMatch(/^[\w-]+$|^#[\w-]{22}$/)
      }),
    )
  })

  it('of an event without a uuid does not depend on white space and the order of members', () => {
    const mark = markItem(itemOf('{"a":1.0,"b":{"c":"x"}}'))
    expect(markItem(itemOf('{ "b" : {"c":"x"},\n"a":1.0}'))).toBe(mark)
    expect(markLine(lineOf('{"b":{"c":"x"},"a":1.0}'))).toBe(mark)
  })

  it.each([
    ['another value', '{"a":1}', '{"a":2}'],
    ['another writing of a number', '{"a":12345678901234567890}', '{"a":12345678901234567891}'],
    ['a member more', '{"a":1}', '{"a":1,"b":null}'],
    ['repeated keys in another order', '{"a":1,"a":2,"z":0}', '{"a":2,"z":0}'],
  ])('of an event without a uuid differs for %s', (_, one, other) => {
    expect(markItem(itemOf(one))).not.toBe(markItem(itemOf(other)))
  })

  it.each(['', 'no JSON', '[1]', '"text"', 'null', '{"a":'])('is undefined for the line %j', line => {
    expect(markLine(line)).toBeUndefined()
  })
})

describe('the mark of an event that rules have changed', () => {
  const ITEM = itemOf('{"uuid":"U","ip":"192.0.2.1"}')
  const changedLine = (text: string, mark = markChanged(ITEM, 'salt')): string =>
    Buffer.from(eventLines([{ ...itemOf(text), mark }], sampleSource(), 'sign-in'))
      .toString('utf8')
      .trimEnd()

  it('is read from the metadata of its line, whatever is left of the event', () => {
    fc.assert(
      fc.property(jsonObject, object => {
        expect(markLine(changedLine(compact(object)))).toBe(markChanged(ITEM, 'salt'))
      }),
    )
  })

  it('is the same for the event as it was received, and for nothing else', () => {
    const marks = new Set([markLine(changedLine('{"uuid":"#"}')) ?? ''])
    expect(isMarked(ITEM, marks, 'salt')).toBe(true)
    expect(isMarked(itemOf('{"uuid":"#"}'), marks, 'salt')).toBe(false)
    expect(isMarked(itemOf('{"uuid":"V"}'), marks, 'salt')).toBe(false)
  })

  it('cannot be found by trying without the salt of the source', () => {
    const marks = new Set([markChanged(ITEM, 'salt')])
    expect(isMarked(ITEM, marks, 'another')).toBe(false)
    expect(isMarked(ITEM, marks, undefined)).toBe(false)
  })

  it('is not taken from members of the event itself', () => {
    const own = '{"_metadata":{"mark":"~0123456789012345678901"},"a":{"mark":"~0123456789012345678901"}}'
    expect(markLine(lineOf(own))).toBe(markItem(itemOf(own)))
  })
})
