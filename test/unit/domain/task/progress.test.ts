import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TaskFault } from '../../../../shared/domain/failure/failure.ts'
import type { PageRecord } from '../../../../shared/domain/stream/page-record.ts'
import { placeDigest } from '../../../../shared/domain/stream/page-request.ts'
import { readHourlyEvents } from '../../../../shared/domain/task/hourly-events.ts'
import {
  advanced,
  committed,
  endedBadly,
  endedWell,
  moved,
  toPageRecord,
  untouched,
} from '../../../../shared/domain/task/progress.ts'
import type { Task } from '../../../../shared/domain/task/task.ts'
import { changed } from '../../../../shared/domain/task/task-change.ts'
import { sampleTask } from '../../../support/sample-task.ts'

const NOW = '2026-03-01T12:00:00.000Z'
const NOW_MS = Date.parse(NOW)
const LATER_MS = Date.parse('2026-03-02T00:00:00Z')
const KEY = 'events/api=sign-in/date=2026-03-01/1-1-ab.ndjson'

const time = fc.integer({ min: 0, max: 9 }).map(second => `2026-03-01T00:00:0${second}.5Z`)
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

const task: fc.Arbitrary<Task> = fc
  .record({
    cursor: optional(fc.string()),
    lastObjectKey: optional(fc.constant('events/before.ndjson')),
    firstEventTime: optional(time),
    lastEventTime: optional(time),
    pages: fc.nat(5),
    events: fc.nat(500),
    lateEvents: optional(fc.nat(500)),
    link: optional(fc.string()),
  })
  .map(change => changed(sampleTask(), change))

const record: fc.Arbitrary<PageRecord> = fc.record({
  chain: fc.constant(1),
  asked: fc.string(),
  link: fc.string(),
  nextCursor: fc.string(),
  count: fc.integer({ min: 1, max: 1000 }),
  lateCount: fc.nat(1000),
  firstTimestamp: time,
  lastTimestamp: time,
  newest: time,
})

const page = (...timestamps: string[]) => ({
  cursor: 'next',
  hasMore: false,
  items: timestamps.map(timestamp => ({ json: Buffer.from('{}'), timestamp })),
})

describe('a change', () => {
  it('sets members with a value, removes members that are undefined and leaves the rest', () => {
    const before = sampleTask({ cursor: 'c', partition: '2026-03-01', leaseOwner: 'a' })
    const after = changed(before, { cursor: 'd', partition: undefined })
    expect(after).toEqual(sampleTask({ cursor: 'd', leaseOwner: 'a' }))
    expect(Object.keys(after)).not.toContain('partition')
    expect(before.partition).toBe('2026-03-01')
  })
})

describe('a commit', () => {
  it('that is written twice gives the same task as one that is written once', () => {
    fc.assert(
      fc.property(task, record, (before, written) => {
        const change = committed(before, KEY, written, LATER_MS)
        const once = changed(before, change)
        expect(changed(once, change)).toEqual(once)
      }),
    )
  })

  it('counts the page, moves the cursor and never narrows the range of times', () => {
    fc.assert(
      fc.property(task, record, (before, written) => {
        const after = changed(before, committed(before, KEY, written, LATER_MS))
        expect(after).toMatchObject({
          cursor: written.nextCursor,
          pages: before.pages + 1,
          events: before.events + written.count,
          lateEvents: (before.lateEvents ?? 0) + written.lateCount,
          lastObjectKey: KEY,
          partition: '2026-03-02',
          link: placeDigest(1, { cursor: written.nextCursor }),
        })
        const first = [before.firstEventTime, written.firstTimestamp]
          .filter(text => text !== undefined)
          .sort()
        const last = [before.lastEventTime, written.lastTimestamp].filter(text => text !== undefined).sort()
        expect(after.firstEventTime).toBe(first[0])
        expect(after.lastEventTime).toBe(last.at(-1))
      }),
    )
  })

  it('counts its events in the hour of the commit, and a page of nothing but unreadable items in none', () => {
    const written = { chain: 1, asked: 'a', link: 'a', nextCursor: 'n', lateCount: 0 }
    const before = changed(sampleTask(), committed(sampleTask(), KEY, { ...written, count: 1234 }, NOW_MS))
    expect(readHourlyEvents(before.hourlyEvents, NOW_MS).at(-1)).toBe(1234)
    expect(committed(before, KEY, { ...written, count: 0, unreadableCount: 1 }, LATER_MS)).not.toHaveProperty(
      'hourlyEvents',
    )
  })

  it('of items without a time leaves the times of the task alone', () => {
    const before = sampleTask({ firstEventTime: 'a', lastEventTime: '2026-03-01T00:00:00Z' })
    const change = committed(
      before,
      KEY,
      { chain: 1, asked: 'a', link: 'a', nextCursor: 'n', count: 1, lateCount: 0 },
      NOW_MS,
    )
    expect(changed(before, change).lastEventTime).toBe('2026-03-01T00:00:00Z')
  })

  it('of an empty page moves the cursor and leaves the ledger as it is', () => {
    expect(moved(sampleTask(), { cursor: 'next' })).toEqual({ cursor: 'next' })
  })
})

describe('the record of an object', () => {
  it('begins the ledger with the place of the first request', () => {
    const asked = placeDigest(1, { limit: 10, start_time: '2026-02-28T00:00:00Z' })
    const written = toPageRecord(
      sampleTask(),
      { limit: 10, start_time: '2026-02-28T00:00:00Z' },
      page('2026-03-01T00:00:02Z', '2026-03-01T00:00:01.25Z'),
      NOW_MS,
    )
    expect(written).toEqual({
      chain: 1,
      asked,
      link: asked,
      nextCursor: 'next',
      count: 2,
      lateCount: 0,
      firstTimestamp: '2026-03-01T00:00:01.25Z',
      lastTimestamp: '2026-03-01T00:00:02Z',
      pastTimestamp: '2026-03-01T00:00:02Z',
      newest: '2026-03-01T00:00:02Z',
    })
  })

  it('continues from the object before it, over empty pages, and its newest time never goes back', () => {
    const before = sampleTask({
      cursor: 'after the empty page',
      link: 'place after the object before',
      lastObjectKey: 'events/before.ndjson',
      lastEventTime: '2026-03-01T09:00:00Z',
    })
    expect(
      toPageRecord(before, { cursor: 'after the empty page' }, page('2026-03-01T00:00:00Z'), NOW_MS),
    ).toMatchObject({
      asked: placeDigest(1, { cursor: 'after the empty page' }),
      link: 'place after the object before',
      previousKey: 'events/before.ndjson',
      lastTimestamp: '2026-03-01T00:00:00Z',
      newest: '2026-03-01T09:00:00Z',
    })
  })

  it('links to the object before: the chain of commits has no gap', () => {
    fc.assert(
      fc.property(task, fc.array(fc.string({ minLength: 1 }), { maxLength: 6 }), (start, cursors) => {
        let now = start
        for (const [i, cursor] of cursors.entries()) {
          const request =
            now.cursor === undefined ? { limit: 1, start_time: now.startTime } : { cursor: now.cursor }
          const written = toPageRecord(now, request, { ...page('2026-03-01T00:00:00Z'), cursor }, NOW_MS)
          expect(written.previousKey).toBe(now.lastObjectKey)
          if (now.link !== undefined) expect(written.link).toBe(now.link)
          now = changed(now, committed(now, `events/${i}`, written, NOW_MS))
        }
      }),
    )
  })
})

describe('the end of a run', () => {
  const running = sampleTask({
    state: 'Error',
    stateSince: 'before',
    leaseOwner: 'run',
    leaseExpiresMs: 1,
    partition: '2026-03-01',
    cursor: 'c',
    error: { type: 'ThirdPartyGeneric', code: 500, info: 'x', at: 'before' },
    overlap: { from: '2026-03-01T00:00:00Z', lastObjectKey: 'k' },
  })

  it('that went well frees the task, clears its error and keeps its cursor', () => {
    const {
      overlap: _overlap,
      partition: _partition,
      error: _error,
      leaseOwner: _owner,
      leaseExpiresMs: _ms,
      ...rest
    } = running
    expect(changed(running, endedWell(running, NOW, true, false))).toEqual({
      ...rest,
      state: 'Collecting',
      stateSince: NOW,
      reachedMs: { Collecting: Date.parse(NOW) },
      lastSuccessAt: NOW,
    })
  })

  it('keeps the overlap until everything was read', () => {
    expect(changed(running, endedWell(running, NOW, false, false)).overlap).toEqual(running.overlap)
  })

  it('notes that events were left unread until everything was read', () => {
    const behind = changed(running, endedWell(running, NOW, false, false))
    expect(behind.behind).toBe(true)
    expect(changed(behind, endedWell(behind, NOW, true, false))).not.toHaveProperty('behind')
  })

  it('keeps the date folder while an uncommitted object may exist', () => {
    expect(changed(running, endedWell(running, NOW, true, true)).partition).toBe('2026-03-01')
    expect(changed(running, untouched(true)).partition).toBe('2026-03-01')
  })

  it('without a request leaves the task as it was', () => {
    const { partition: _partition, leaseOwner: _owner, leaseExpiresMs: _ms, ...rest } = running
    expect(changed(running, untouched(false))).toEqual(rest)
  })

  it('keeps the time since which a task has been in its state', () => {
    const collecting = sampleTask({ state: 'Collecting', stateSince: 'long ago' })
    expect(changed(collecting, endedWell(collecting, NOW, true, false)).stateSince).toBe('long ago')
    expect(advanced(collecting, 'Collecting', NOW)).toEqual({})
    expect(advanced(collecting, 'Started', NOW)).toEqual({
      state: 'Started',
      stateSince: NOW,
      reachedMs: { Started: Date.parse(NOW) },
    })
  })

  const fault = (type: TaskFault['type']): TaskFault => ({ type, code: 1, info: 'why', at: NOW })

  it.each([
    ['ThirdPartyConfig', true],
    ['ThirdPartyGeneric', undefined],
    ['FirstPartyGeneric', undefined],
  ] as const)('by %s shows the fault; halted: %s', (type, halted) => {
    const after = changed(running, endedBadly(running, fault(type), false, { newId: 'e1' }))
    expect(after).toMatchObject({ state: 'Error', error: fault(type), cursor: 'c' })
    expect(after.halted).toBe(halted)
    expect(after).not.toHaveProperty('leaseOwner')
    expect(after).not.toHaveProperty('leaseExpiresMs')
    expect(after).not.toHaveProperty('partition')
  })

  it('keeps the date folder when an uncommitted object may exist', () => {
    expect(
      changed(running, endedBadly(running, fault('FirstPartyGeneric'), true, { newId: 'e1' })).partition,
    ).toBe('2026-03-01')
  })
})
