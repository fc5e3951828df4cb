import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createEntityTag } from '../../../functions/admin/http/entity-tag.ts'

const reversed = (object: object): object => Object.fromEntries(Object.entries(object).reverse())

it('is a quoted text of 32 hex digits', () => {
  expect(createEntityTag({})).toMatch(/^"[0-9a-f]{32}"$/)
})

it('does not depend on the order in which a table returns members', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), fields => {
      expect(createEntityTag(reversed({ id: 1, fields: reversed(fields) }))).toBe(
        createEntityTag({ id: 1, fields }),
      )
    }),
  )
})

it('differs for different configurations, also if only the order of a list differs', () => {
  expect(createEntityTag({ apis: ['a', 'b'] })).not.toBe(createEntityTag({ apis: ['b', 'a'] }))
  expect(createEntityTag({ name: 'a' })).not.toBe(createEntityTag({ name: 'b' }))
})
