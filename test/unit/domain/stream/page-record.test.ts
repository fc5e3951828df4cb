import { describe, expect, it } from 'vitest'
import { findLedgerStep, isNext, type PageRecord } from '../../../../shared/domain/stream/page-record.ts'

const FROM = '2026-03-01T12:00:00Z'
const BEFORE = '2026-03-01T11:59:59Z'

const RECORD: PageRecord = {
  chain: 1,
  asked: 'a',
  link: 'a',
  nextCursor: 'c',
  count: 1,
  lateCount: 0,
  previousKey: 'before',
  aheadKey: 'ahead',
}

describe('a step back along the ledger', () => {
  it.each<[string, Partial<PageRecord>]>([
    ['has no event with a time', {}],
    ['and those before it have events of the wanted time', { newest: FROM, lastTimestamp: BEFORE }],
    ['has newer events', { newest: '2026-03-01T12:00:00.1Z' }],
  ])('reads an object that %s, and the one before it', (_what, times) => {
    expect(findLedgerStep({ ...RECORD, ...times }, FROM)).toEqual({ mayOverlap: true, nextKey: 'before' })
  })

  it.each<[string, Partial<PageRecord>, boolean]>([
    ['has only older events', { newest: BEFORE, lastTimestamp: BEFORE }, false],
    ['has no time of an event', { newest: BEFORE }, false],
    ['has an event dated ahead', { newest: BEFORE, lastTimestamp: '2099-01-01T00:00:00Z' }, true],
    ['has an event of the wanted time', { newest: BEFORE, lastTimestamp: FROM }, true],
  ])(
    'goes on to the objects dated ahead where everything before is older: this one %s',
    (_what, times, mayOverlap) => {
      expect(findLedgerStep({ ...RECORD, ...times }, FROM)).toEqual({ mayOverlap, nextKey: 'ahead' })
    },
  )
})

it('an object is the next of a ledger if it names the last one, or none if there is none', () => {
  const { previousKey: _, ...first } = RECORD
  expect(isNext({ lastObjectKey: 'before' }, RECORD)).toBe(true)
  expect(isNext({ lastObjectKey: 'other' }, RECORD)).toBe(false)
  expect(isNext({}, RECORD)).toBe(false)
  expect(isNext({}, first)).toBe(true)
  expect(isNext({ lastObjectKey: 'before' }, first)).toBe(false)
})
