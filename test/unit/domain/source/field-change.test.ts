import { describe, expect, it } from 'vitest'
import { FIELD_QUOTA } from '../../../../shared/contract/limits.ts'
import {
  addField,
  deliverFields,
  remainingFields,
  removeField,
  switchField,
} from '../../../../shared/domain/source/field-change.ts'
import type { FieldSchema } from '../../../../shared/domain/source/source.ts'

const TEAM = { id: '0000000005F5E101', name: 'team', enabled: true }

const createSchema = (count: number): FieldSchema => ({
  schema: 1,
  version: 0,
  fields: Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`f${i}`, { id: `${i}`, enabled: i > 0 }]),
  ),
})

describe('a change of the field schema', () => {
  it('adds a field up to the quota, and refuses the next', () => {
    const last = addField(createSchema(FIELD_QUOTA - 1), TEAM)
    expect(last).toMatchObject({ fields: { team: { id: TEAM.id, enabled: true } } })
    expect(addField(createSchema(FIELD_QUOTA), TEAM)).toMatchObject({ code: 'field:quota_exceeded' })
    expect([FIELD_QUOTA - 1, FIELD_QUOTA, FIELD_QUOTA + 1].map(createSchema).map(remainingFields)).toEqual([
      1, 0, 0,
    ])
  })

  it.each(['F1', 'f1', '_sourcename'])('refuses %s, which differs from a field in case at most', name => {
    expect(addField(createSchema(2), { ...TEAM, name })).toMatchObject({ code: 'field:already_exists' })
  })

  it('leaves the schema as it is if the field is switched to what it is', () => {
    const schema = createSchema(2)
    const on = { id: '1', name: 'f1', enabled: true }
    expect(switchField(schema, on, { enabled: true })).toBe(schema)
    expect(switchField(schema, on, { enabled: false })).toMatchObject({ fields: { f1: { enabled: false } } })
  })

  it('keeps a field that is used in another spelling, and removes one that is not', () => {
    const field = { id: '1', name: 'f1', enabled: true }
    expect(removeField(createSchema(2), field, new Set(['F1']))).toMatchObject({ code: 'field:in_use' })
    expect(removeField(createSchema(2), field, new Set(['F0']))).toEqual(createSchema(1))
  })

  it('lets fields be delivered with the room that there is, all of them or none', () => {
    const wanted = new Map([
      ['F0', 'a'],
      ['f1', 'b'],
      ['team', 'c'],
    ])
    expect(deliverFields(createSchema(FIELD_QUOTA - 1), wanted)).toMatchObject({
      fields: { f0: { id: '0', enabled: true }, f1: { id: '1' }, team: { id: 'c', enabled: true } },
    })
    expect(deliverFields(createSchema(FIELD_QUOTA), wanted)).toMatchObject({ code: 'field:quota_exceeded' })
    const delivered = createSchema(2)
    expect(deliverFields(delivered, new Map([['f1', 'b']]))).toBe(delivered)
  })
})
