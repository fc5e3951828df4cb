import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBus } from '../../events/bus.ts'
import { compilePattern } from '../../events/pattern.ts'
import { aRule } from '../support/local-functions.ts'

const event = {
  source: 'shop',
  'detail-type': 'Order',
  resources: ['arn:one', 'arn:two'],
  detail: { state: 'open', total: 12, open: true, note: null, tags: [], address: { city: 'Ulm' } },
}

test.each([
  ['a value', { source: ['shop'] }, true],
  ['another value', { source: ['bank'] }, false],
  ['one of several', { source: ['bank', 'shop'] }, true],
  ['every member', { source: ['shop'], 'detail-type': ['Refund'] }, false],
  ['a nested value', { detail: { address: { city: ['Ulm'] } } }, true],
  ['a member of a list in the event', { resources: ['arn:two'] }, true],
  ['true and null', { detail: { open: [true], note: [null] } }, true],
  ['a number, not its text', { detail: { total: ['12'] } }, false],
  ['a prefix', { detail: { state: [{ prefix: 'op' }] } }, true],
  ['a suffix', { resources: [{ suffix: ':one' }] }, true],
  ['text of any case', { source: [{ 'equals-ignore-case': 'SHOP' }] }, true],
  ['presence', { detail: { total: [{ exists: true }] } }, true],
  ['absence', { detail: { missing: [{ exists: false }] } }, true],
  ['absence of what is there', { detail: { total: [{ exists: false }] } }, false],
  ['absence in an absent object', { detail: { nowhere: { city: [{ exists: false }] } } }, true],
  ['presence in an empty list', { detail: { tags: [{ exists: true }] } }, false],
  ['anything but', { source: [{ 'anything-but': ['bank', 'inn'] }] }, true],
  ['anything but what it is', { source: [{ 'anything-but': 'shop' }] }, false],
  ['anything but a prefix', { source: [{ 'anything-but': { prefix: 'sh' } }] }, false],
  ['anything but, where nothing is', { detail: { missing: [{ 'anything-but': 'x' }] } }, false],
  ['a number in a range', { detail: { total: [{ numeric: ['>', 10, '<=', 12] }] } }, true],
  ['a number outside', { detail: { total: [{ numeric: ['<', 12] }] } }, false],
])('matches %s', (_, pattern, expected) => {
  expect(compilePattern(pattern)(event)).toBe(expected)
})

test.each([
  ['detail.name uses {"wildcard":"a*"}', { detail: { name: [{ wildcard: 'a*' }] } }],
  ['detail.ip uses {"cidr":"10.0.0.0/8"}', { detail: { ip: [{ cidr: '10.0.0.0/8' }] } }],
  ['$or is an operator', { $or: [{ source: ['a'] }] }],
  ['source is neither a list nor an object', { source: 'shop' }],
  ['detail.n.numeric is no list of comparisons', { detail: { n: [{ numeric: ['~', 1] }] } }],
  ['source uses {"constructor":1}', { source: [{ constructor: 1 }] }],
])('refuses to start: %s', (reason, pattern) => {
  const start = () => createBus({ rules: [aRule({ logicalId: 'Odd', pattern })] }, () => {})
  expect(start).toThrow('The event pattern of Odd:')
  expect(start).toThrow(reason)
})

const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))

test('a pattern made of an event matches it, and no longer once one value is changed', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string().filter(name => !name.startsWith('$')),
        leaf,
        { minKeys: 1, noNullPrototype: true },
      ),
      detail => {
        const pattern = {
          detail: Object.fromEntries(Object.entries(detail).map(([name, value]) => [name, [value]])),
        }
        const [name = '', value] = Object.entries(detail)[0] ?? []
        expect(compilePattern(pattern)({ detail })).toBe(true)
        expect(compilePattern(pattern)({ detail: { ...detail, [name]: `other than ${value}` } })).toBe(false)
      },
    ),
  )
})

test('exists and its opposite never agree', () => {
  fc.assert(
    fc.property(fc.option(leaf, { nil: undefined }), value => {
      const given = { detail: value === undefined ? {} : { value } }
      const matches = [true, false].map(exists => compilePattern({ detail: { value: [{ exists }] } })(given))
      expect(matches).toEqual([value !== undefined, value === undefined])
    }),
  )
})
