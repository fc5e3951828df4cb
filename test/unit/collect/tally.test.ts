import { expect, it } from 'vitest'
import { addPage, NOTHING_COMMITTED } from '../../../functions/collect/tally.ts'
import type { PageRecord } from '../../../shared/domain/stream/page-record.ts'

const RECORD: PageRecord = { chain: 1, asked: 'a', link: 'a', nextCursor: 'c', count: 3, lateCount: 1 }
const EARLY = '2026-03-01T00:00:00Z'
const LATE = '2026-03-02T00:00:00Z'

it('a page without items counts as a page', () => {
  const two = addPage(addPage(NOTHING_COMMITTED, undefined), undefined)
  expect(two).toStrictEqual({ pages: 2, events: 0, lateEvents: 0 })
})

it('pages add up, and what a page does not have is not there', () => {
  const two = addPage(addPage(NOTHING_COMMITTED, RECORD), RECORD)
  expect(two).toStrictEqual({ pages: 2, events: 6, lateEvents: 2 })
})

it('items that could not be read add up, and stay when a page has none', () => {
  const damaged = { ...RECORD, unreadableCount: 2 }
  const three = [damaged, RECORD, damaged].reduce(
    (tally, record) => addPage(tally, record),
    NOTHING_COMMITTED,
  )
  expect(three).toMatchObject({ pages: 3, unreadable: 4 })
})

it.each([
  ['as they come', [EARLY, LATE]],
  ['the later page first', [LATE, EARLY]],
])('the first and the last time are those of all pages, %s', (_order, times) => {
  const records = times.map(time => ({ ...RECORD, firstTimestamp: time, lastTimestamp: time }))
  const all = [...records, RECORD].reduce((tally, record) => addPage(tally, record), NOTHING_COMMITTED)
  expect(all).toMatchObject({ firstTimestamp: EARLY, lastTimestamp: LATE })
})
