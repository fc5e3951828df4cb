import { expect, it } from 'vitest'
import { requireKnownSchema } from '../../../../shared/domain/task/known-schema.ts'

it.each([{}, { schema: 1 }, { schema: 2 }, { schema: undefined }])(
  'an item with a schema of this code, or of one before, is returned as it is: %j',
  item => {
    expect(requireKnownSchema(item, 'The task', 2)).toBe(item)
  },
)

it.each([3, '1', null, true, Number.NaN])(
  'an item with the schema %j is refused, because a later deployment wrote it',
  schema => {
    expect(() => requireKnownSchema({ schema }, 'The task', 2)).toThrow(
      `The task was written by a later version of onepassword-source (schema ${schema}; this one reads up to 2)`,
    )
  },
)

it('an item of a kind with one schema only is refused with the second', () => {
  expect(() => requireKnownSchema({ schema: 2 }, 'The source')).toThrow('reads up to 1')
})
