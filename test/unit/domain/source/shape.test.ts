import { describe, expect, it } from 'vitest'
import {
  checkShape,
  optional,
  required,
  shapeSchema,
  withDefault,
} from '../../../../shared/domain/source/shape.ts'

const DIGIT = {
  schema: { type: 'integer' },
  read: (given: unknown) => (typeof given === 'string' && /^\d$/.test(given) ? Number(given) : undefined),
  wanted: 'must be a digit',
}

const SHAPE = { must: required(DIGIT), may: optional(DIGIT), otherwise: withDefault(7, DIGIT) }

describe('a member that follows one rule', () => {
  it('has the value that the rule reads, also 0', () => {
    const given = { must: '0', may: '0', otherwise: '0' }
    expect(checkShape(given, SHAPE, undefined).values).toEqual({ must: 0, may: 0, otherwise: 0 })
  })

  it.each([{}, { may: null, otherwise: null }])('may be left out unless it is required: %j', given => {
    expect(checkShape({ must: '1', ...given }, SHAPE, undefined).values).toEqual({ must: 1, otherwise: 7 })
    expect(checkShape(given, SHAPE, undefined).faults).toEqual([
      { field: 'must', message: 'must be a digit' },
    ])
  })

  it('is refused with what is wanted, and all faults are named', () => {
    const { faults } = checkShape({ must: 'x', may: '', otherwise: 7 }, SHAPE, undefined)
    expect(faults?.map(({ field }) => field)).toEqual(['must', 'may', 'otherwise'])
  })

  it('is described with its default, and may be null unless it is required', () => {
    expect(shapeSchema(SHAPE)).toMatchObject({
      required: ['must'],
      properties: {
        must: { type: 'integer' },
        may: { type: ['integer', 'null'] },
        otherwise: { type: ['integer', 'null'], default: 7 },
      },
    })
  })
})
