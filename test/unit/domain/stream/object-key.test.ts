import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partitionFolder } from '../../../../shared/contract/lake-layout.ts'
import {
  datesAfter,
  datesToSearch,
  nextPlace,
  objectKey,
  placeBeside,
  possibleKeys,
  toPlainPlace,
} from '../../../../shared/domain/stream/object-key.ts'
import { nextRequest, type PageRequest, placeDigest } from '../../../../shared/domain/stream/page-request.ts'
import { resetChain } from '../../../../shared/domain/stream/reset.ts'
import { committed } from '../../../../shared/domain/task/progress.ts'
import type { Task } from '../../../../shared/domain/task/task.ts'
import { changed } from '../../../../shared/domain/task/task-change.ts'
import { upgradeTask } from '../../../../shared/domain/task/upgrade.ts'
import { sampleTask } from '../../../support/sample-task.ts'

const request: fc.Arbitrary<PageRequest> = fc.oneof(
  fc.string({ maxLength: 1 }).map(cursor => ({ cursor })),
  fc.record({ limit: fc.integer({ min: 1, max: 1000 }), start_time: fc.string({ maxLength: 1 }) }),
)

const place = (asked: PageRequest): string =>
  JSON.stringify('cursor' in asked ? [asked.cursor] : { start: asked.start_time })

describe('the next request', () => {
  it('is a reset cursor with limit and start_time until there is a cursor, and then only the cursor', () => {
    expect(nextRequest({ startTime: '2026-02-28T00:00:00Z' }, 250)).toEqual({
      limit: 250,
      start_time: '2026-02-28T00:00:00Z',
    })
    expect(nextRequest({ startTime: '2026-02-28T00:00:00Z', cursor: 'c' }, 250)).toEqual({ cursor: 'c' })
  })
})

describe('the digest of a place', () => {
  it('is the same for the same place and differs for any other', () => {
    const chain = fc.integer({ min: 1, max: 3 })
    fc.assert(
      fc.property(chain, request, chain, fc.option(request), (chainA, a, chainB, other) => {
        const b = other ?? a
        const same = chainA === chainB && place(a) === place(b)
        expect(placeDigest(chainA, a) === placeDigest(chainB, b)).toBe(same)
      }),
    )
  })

  it('does not depend on the page size', () => {
    const start_time = '2026-02-28T00:00:00Z'
    expect(placeDigest(1, { limit: 1, start_time })).toBe(placeDigest(1, { limit: 1000, start_time }))
  })

  it('differs for a cursor and a start time with the same text', () => {
    expect(placeDigest(1, { cursor: 'x' })).not.toBe(placeDigest(1, { limit: 1, start_time: 'x' }))
  })
})

const DATE = '2026-03-01'

describe('the key of an object', () => {
  it('lies in the folder of its API and date and is a safe file name, whatever the cursors hold', () => {
    fc.assert(
      fc.property(fc.option(request, { nil: undefined }), fc.string(), (asked, cursor) => {
        const link = asked && placeDigest(1, asked)
        const key = objectKey(sampleTask({ cursor, ...(link !== undefined && { link }) }), DATE)
        const folder = partitionFolder('sign-in', DATE)
        expect(key.startsWith(folder)).toBe(true)
        expect(key.slice(folder.length)).toMatch(/^100000002-1-[0-9a-f]{32}\.ndjson\.gz$/)
      }),
    )
  })

  it('is a function of source, API, chain and the end of the ledger: of nothing else that a task holds', () => {
    const ended = { link: placeDigest(1, { cursor: 'c' }) }
    const key = objectKey(sampleTask(ended), DATE)
    const later = sampleTask({
      ...ended,
      fence: 9,
      state: 'Error',
      pages: 4,
      events: 9,
      leaseOwner: 'other',
      rateMs: 1,
      cursor: 'after an empty page',
    })
    expect(objectKey(later, DATE)).toBe(key)
    const others = [{ sourceId: 7 }, { api: 'itemUsage' as const }, { chain: 2 }, { link: 'd'.repeat(64) }]
    for (const other of others) {
      expect(objectKey(sampleTask({ ...ended, ...other }), DATE)).not.toBe(key)
    }
  })

  it('stays the same over a reset, whether an object was written before or none', () => {
    for (const link of [undefined, placeDigest(1, { cursor: 'c' })]) {
      const before = sampleTask({ cursor: 'refused', ...(link !== undefined && { link }) })
      const after = changed(before, resetChain(before, Date.parse('2026-03-02T01:00:00Z')))
      expect(after.chain).toBe(2)
      expect(objectKey(after, DATE)).toBe(objectKey(before, DATE))
    }
  })

  it('is another after an object was committed, also by its name of before a reset', () => {
    const before = sampleTask({ cursor: 'c', place: '1-left', link: placeDigest(1, { cursor: 'c' }) })
    const record = { chain: 1, asked: 'a', link: 'l', nextCursor: 'd', count: 1, lateCount: 0 }
    const after = changed(before, committed(before, 'k', record, Date.parse(DATE)))
    expect(after).not.toHaveProperty('place')
    expect(objectKey(after, DATE)).toBe(
      objectKey(sampleTask({ link: placeDigest(1, { cursor: 'd' }) }), DATE),
    )
  })

  it('of a task that an earlier deployment has left is the one of that deployment, until an object is committed', () => {
    const left = sampleTask({ schema: 3, cursor: 'c', link: placeDigest(1, { cursor: 'c' }) })
    const key = objectKey(left, DATE).replace(/\.gz$/, '')
    const upgraded = upgradeTask(left)
    expect(key).toMatch(/\.ndjson$/)
    expect(objectKey(upgraded, DATE)).toBe(key)
    expect(possibleKeys(upgraded, DATE).slice(1)).toEqual([key])
    const reset = changed(upgraded, resetChain(upgraded, Date.parse('2026-03-02T01:00:00Z')))
    expect(objectKey(reset, DATE)).toBe(key)
    const record = { chain: 1, asked: 'a', link: 'l', nextCursor: 'd', count: 1, lateCount: 0 }
    const after = changed(upgraded, committed(upgraded, key, record, Date.parse(DATE)))
    expect(objectKey(after, DATE)).toMatch(/\.ndjson\.gz$/)
    expect(possibleKeys(after, DATE).slice(1)).toEqual([
      objectKey(after, DATE),
      objectKey(after, DATE).replace(/\.gz$/, ''),
    ])
  })

  it('has another one beside it, which no reset changes, and which differs after each object', () => {
    const beside = (task: Task) => objectKey({ ...task, place: placeBeside(task) }, DATE)
    const task = sampleTask({ cursor: 'c', link: 'l'.repeat(64), lastObjectKey: 'k' })
    const reset = changed(task, resetChain(task, Date.parse('2026-03-02T01:00:00Z')))
    expect(possibleKeys(task, DATE)[0]).toBe(beside(task))
    expect(beside(reset)).toBe(beside(task))
    expect(beside({ ...task, schema: 3, place: toPlainPlace(nextPlace(task)) })).toBe(beside(task))
    const left = { ...reset, place: placeBeside(reset) }
    const others = [task, left, { ...task, lastObjectKey: 'other' }, { ...left, place: placeBeside(left) }]
    expect(new Set(others.flatMap(each => [objectKey(each, DATE), beside(each)])).size).toBe(5)
  })

  it('of a task that schema 2 has left with an uncommitted object is the one of schema 2', () => {
    const left = sampleTask({
      schema: 2,
      cursor: 'after an empty page',
      link: 'l'.repeat(64),
      partition: DATE,
    })
    const digest = placeDigest(1, { cursor: 'after an empty page' }).slice(0, 32)
    expect(objectKey(upgradeTask(left), DATE)).toBe(
      `${partitionFolder('sign-in', DATE)}100000002-1-${digest}.ndjson`,
    )
    const { partition: _, ...clean } = left
    expect(objectKey(upgradeTask(clean), DATE)).toBe(
      `${partitionFolder('sign-in', DATE)}100000002-1-${'l'.repeat(32)}.ndjson`,
    )
  })
})

describe('the date folders in which an unknown object may lie', () => {
  const at = (time: string): number => Date.parse(`2026-03-02T${time}Z`)
  const searched = (change: Partial<Task>, nowMs: number, mayHaveObject = false) =>
    datesToSearch(change, { mayHaveObject, createdMs: at('11:00:00'), nowMs })

  it('are none for a task that was collected today', () => {
    expect(searched({ lastSuccessAt: '2026-03-02T00:01:00.000Z' }, at('23:59:59'))).toEqual([])
    expect(searched({}, at('23:59:59'))).toEqual([])
  })

  it('are all since the last success if that was not today, a minute of margin included', () => {
    const lastSuccessAt = '2026-03-02T00:00:59.999Z'
    expect(searched({ lastSuccessAt }, at('00:05:00'))).toEqual(['2026-03-01', '2026-03-02'])
    expect(searched({ lastSuccessAt: '2026-02-27T12:00:00.000Z' }, at('00:05:00'))).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
      '2026-03-02',
    ])
  })

  it('begin with the creation of the source for a task that never ended well', () => {
    expect(searched({}, at('11:00:00') + 86_400_000)).toEqual(['2026-03-02', '2026-03-03'])
  })

  it('are the task’s own folder first, if a run may have left an object there', () => {
    const task = { partition: '2026-02-01', lastSuccessAt: '2026-03-02T00:01:00.000Z' }
    expect(searched(task, at('12:00:00'), true)).toEqual(['2026-02-01'])
    expect(searched(task, at('12:00:00'), false)).toEqual([])
    expect(searched({ ...task, lastSuccessAt: '2026-03-01T12:00:00.000Z' }, at('12:00:00'), true)).toEqual([
      '2026-02-01',
      '2026-03-01',
      '2026-03-02',
    ])
  })

  it('are not more than 400', () => {
    expect(searched({ lastSuccessAt: '2020-01-01T00:00:00.000Z' }, at('12:00:00'))).toHaveLength(401)
  })

  it('go on from one day before the folder in which an object was found', () => {
    const dates = ['2026-02-01', '2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']
    expect(datesAfter(dates, '2026-03-01')).toEqual(['2026-02-28', '2026-03-01', '2026-03-02'])
    expect(datesAfter(['2026-02-01'], '2026-02-01')).toEqual(['2026-02-01'])
  })
})
