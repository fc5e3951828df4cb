import fc from 'fast-check'
import { expect, it } from 'vitest'
import { etagOf } from '../../../functions/admin/http/etag.ts'

const reversed = (object: object): object => Object.fromEntries(Object.entries(object).reverse())

it('is a quoted text of 32 hex digits', () => {
  expect(etagOf({})).toMatch(/^"[0-9a-f]{32}"$/)
})

it('does not depend on the order in which a table gives members back', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), fields => {
      expect(etagOf(reversed({ id: 1, fields: reversed(fields) }))).toBe(etagOf({ id: 1, fields }))
    }),
  )
})

it('differs where the configuration does, the order of a list included', () => {
  expect(etagOf({ apis: ['a', 'b'] })).not.toBe(etagOf({ apis: ['b', 'a'] }))
  expect(etagOf({ name: 'a' })).not.toBe(etagOf({ name: 'b' }))
})
