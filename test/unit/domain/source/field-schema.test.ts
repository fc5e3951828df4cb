import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BUILTIN_FIELDS,
  deliveredFields,
  findFieldByName,
  findSameField,
  isDelivered,
  listSchemaFields,
  withField,
  withoutField,
} from '../../../../shared/domain/source/field-schema.ts'
import type { FieldSchema } from '../../../../shared/domain/source/source.ts'

const EMPTY: FieldSchema = { schema: 1, version: 0, fields: {} }
const FIELD = { id: '0000000005F5E101', name: 'team', enabled: true }

describe('the field schema', () => {
  it('lets events have its enabled fields and those of the service, with their values unchanged', () => {
    const schema = withField(withField(EMPTY, FIELD), { ...FIELD, name: 'off', enabled: false })
    const fields = {
      off: '1',
      team: 'sec',
      _siemForward: true,
      toString: '2',
      _sourceHost: 'h',
      unknown: '3',
    }
    expect(deliveredFields(schema, fields)).toEqual({ team: 'sec', _siemForward: true, _sourceHost: 'h' })
  })

  it.each(['_siemForward', '_siemVendor', '_siemEventID', ...BUILTIN_FIELDS.map(({ name }) => name)])(
    'needs no entry for %s',
    name => {
      expect(isDelivered(EMPTY, name)).toBe(true)
    },
  )

  it.each(['_other', 'siemForward', 'toString', '__proto__', ''])('needs an entry for the field %j', name => {
    expect(isDelivered(EMPTY, name)).toBe(false)
  })

  it('does not count case: names that differ only in it are one field', () => {
    const schema = withField(EMPTY, { ...FIELD, name: 'Team' })
    expect(
      ['team', 'TEAM', 'Team', '_SIEMvendor', '_SourceHost'].map(name => isDelivered(schema, name)),
    ).toEqual(Array(5).fill(true))
    expect(findSameField(schema, 'tEAM')?.name).toBe('Team')
    expect(findSameField(schema, 'teams')).toBeUndefined()
  })

  it('lets the spelling decide where an older schema has two names that differ only in case', () => {
    const both = withField(withField(EMPTY, { ...FIELD, name: 'Team', enabled: false }), FIELD)
    expect([isDelivered(both, 'Team'), isDelivered(both, 'team')]).toEqual([false, true])
  })

  it('has distinct ids of 16 upper-case hex digits for what is built in', () => {
    const ids = BUILTIN_FIELDS.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every(id => /^[0-9A-F]{16}$/.test(id))).toBe(true)
  })

  it('returns the fields that were added, in the order of their names, without those that were removed', () => {
    const names = fc.uniqueArray(
      fc.string({ minLength: 1 }).filter(name => name !== '__proto__'),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(names, given => {
        const full = given.reduce((schema, name) => withField(schema, { ...FIELD, name }), EMPTY)
        expect(listSchemaFields(full).map(({ name }) => name)).toEqual(given.toSorted())
        expect(given.every(name => isDelivered(full, name))).toBe(true)
        const [first, ...others] = given
        if (first === undefined) return
        const less = withoutField(full, first)
        expect(findFieldByName(less, first)).toBeUndefined()
        expect(Object.keys(less.fields)).toHaveLength(others.length)
      }),
    )
  })
})
