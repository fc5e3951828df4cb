import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partitionFolder } from '../../../../shared/contract/lake-layout.ts'
import { objectKey } from '../../../../shared/domain/stream/object-key.ts'
import { nextRequest, type PageRequest, placeDigest } from '../../../../shared/domain/stream/page-request.ts'
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

describe('the key of an object', () => {
  it('is in the folder of its API and date and is a safe file name, for any cursor', () => {
    fc.assert(
      fc.property(request, asked => {
        const key = objectKey(sampleTask(), '2026-03-01', asked)
        const folder = partitionFolder('sign-in', '2026-03-01')
        expect(key.startsWith(folder)).toBe(true)
        expect(key.slice(folder.length)).toMatch(/^100000002-1-[0-9a-f]{32}\.ndjson$/)
      }),
    )
  })

  it('depends on source, API, chain and request, and on nothing else of a task', () => {
    const asked = { cursor: 'c' }
    const key = objectKey(sampleTask(), '2026-03-01', asked)
    const later = sampleTask({
      fence: 9,
      state: 'Error',
      pages: 4,
      events: 9,
      leaseOwner: 'other',
      rateMs: 1,
    })
    expect(objectKey(later, '2026-03-01', asked)).toBe(key)
    for (const other of [{ sourceId: 7 }, { api: 'itemUsage' as const }, { chain: 2 }]) {
      expect(objectKey(sampleTask(other), '2026-03-01', asked)).not.toBe(key)
    }
    expect(objectKey(sampleTask(), '2026-03-01', { cursor: 'd' })).not.toBe(key)
  })
})
