import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextPlace } from '../../../../shared/domain/stream/object-key.ts'
import { findGap, firstWindow, followStream, resetChain } from '../../../../shared/domain/stream/reset.ts'
import { changed } from '../../../../shared/domain/task/task-change.ts'
import { sampleTask } from '../../../support/sample-task.ts'

const NOW_MS = Date.parse('2026-03-02T01:00:00Z')

/** A run that read all there was ended then. */
const READ_ALL = { lastSuccessAt: '2026-03-02T00:55:00.000Z' }

describe('a refused cursor', () => {
  it('begins a new chain six hours before the last event, in whole seconds, and remembers what lies there', () => {
    const task = sampleTask({
      ...READ_ALL,
      cursor: 'refused',
      lastEventTime: '2026-03-01T12:00:00.987654321Z',
      lastObjectKey: 'k',
    })
    const after = changed(task, resetChain(task, NOW_MS))
    expect(after).toEqual(
      sampleTask({
        ...READ_ALL,
        chain: 2,
        startTime: '2026-03-01T06:00:00Z',
        place: nextPlace(task),
        lastEventTime: '2026-03-01T12:00:00.987654321Z',
        lastObjectKey: 'k',
        overlap: { from: '2026-03-01T06:00:00Z', lastObjectKey: 'k' },
      }),
    )
    expect(after).not.toHaveProperty('cursor')
  })

  it.each([
    ['a table that was restored has adopted objects of a later chain', 7, 8],
    ['the last object is of an earlier chain', 2, 5],
  ])('never repeats the number of a chain: %s', (_name, last, chain) => {
    const task = sampleTask({ chain: 4, place: `${last}-0f`, lastObjectKey: 'k' })
    expect(resetChain(task, NOW_MS)).toMatchObject({ chain, place: `${last}-0f` })
  })

  it('begins at the start of the chain if nothing was delivered yet', () => {
    const task = sampleTask({ cursor: 'refused' })
    expect(changed(task, resetChain(task, NOW_MS))).toEqual(sampleTask({ chain: 2, place: nextPlace(task) }))
  })

  it.each([
    ['dated in the future', '2099-01-01T00:00:00Z'],
    ['dated after the last run that read all there was', '2026-03-02T00:59:00Z'],
  ])('goes back from that run when the last event is %s', (_name, lastEventTime) => {
    const task = sampleTask({ ...READ_ALL, lastEventTime, lastObjectKey: 'k' })
    expect(resetChain(task, NOW_MS).startTime).toBe('2026-03-01T18:55:00Z')
  })

  it('goes back from now if the clock of that run was ahead', () => {
    const task = sampleTask({ lastSuccessAt: '2026-03-02T01:09:00.000Z', lastObjectKey: 'k' })
    expect(resetChain(task, NOW_MS).startTime).toBe('2026-03-01T19:00:00Z')
  })

  it('goes back from the time that a page has reached, while events are unread', () => {
    const behind = { ...READ_ALL, behind: true, readUntil: '2026-03-01T10:00:00Z' } as const
    const task = sampleTask({ ...behind, lastEventTime: '2026-03-01T23:00:00Z', lastObjectKey: 'k' })
    expect(resetChain(task, NOW_MS).startTime).toBe('2026-03-01T04:00:00Z')
  })

  it('begins at the start of the chain if it is not known how far the task has read', () => {
    const left = { ...READ_ALL, behind: true, lastEventTime: '2026-03-01T23:00:00Z' } as const
    for (const task of [left, { lastEventTime: left.lastEventTime }]) {
      expect(resetChain(sampleTask({ ...task, lastObjectKey: 'k' }), NOW_MS).startTime).toBe(
        '2026-02-28T00:00:00Z',
      )
    }
  })

  it('remembers what was delivered even if no event had a time', () => {
    expect(resetChain(sampleTask({ lastObjectKey: 'k' }), NOW_MS).overlap).toEqual({
      from: '2026-02-28T00:00:00Z',
      lastObjectKey: 'k',
    })
  })

  it('never goes back before the start of the source', () => {
    const second = fc.integer({ min: 0, max: 3600 })
    fc.assert(
      fc.property(second, fc.array(second, { maxLength: 4 }), (first, later) => {
        const startMs = Date.parse('2026-02-28T00:00:00Z')
        let task = sampleTask({ lastObjectKey: 'k' })
        for (const seconds of [first, ...later]) {
          const lastEventTime = new Date(startMs + seconds * 1000).toISOString()
          task = changed(task, { lastEventTime })
          task = changed(task, resetChain(task, NOW_MS))
          expect(Date.parse(task.startTime)).toBeGreaterThanOrEqual(startMs)
          expect(task.overlap?.from).toBe(task.startTime)
        }
      }),
    )
  })
})

describe('a task that follows its stream', () => {
  const before = sampleTask({
    ...READ_ALL,
    cursor: 'c',
    baseUrl: 'https://events.1password.com',
    accountUuid: 'A',
    lastEventTime: '2026-03-01T12:00:00.5Z',
    lastObjectKey: 'k',
  })

  it.each([
    ['base URL', { baseUrl: 'https://events.1password.eu', accountUuid: 'A' }, '2026-03-01T06:00:00Z'],
    ['account', { baseUrl: 'https://events.1password.com', accountUuid: 'B' }, '2026-03-01T12:00:00Z'],
    [
      'account and base URL',
      { baseUrl: 'https://events.1password.eu', accountUuid: 'B' },
      '2026-03-01T12:00:00Z',
    ],
  ])('begins a new chain when the %s is another: hours back in the same account', (_name, stream, from) => {
    expect(changed(before, followStream(before, stream, NOW_MS))).toMatchObject({
      ...stream,
      chain: 2,
      startTime: from,
      place: nextPlace(before),
      overlap: { from, lastObjectKey: 'k' },
    })
  })

  it.each([
    ['nothing is another', { baseUrl: 'https://events.1password.com', accountUuid: 'A' }],
    ['the account is not told', { baseUrl: 'https://events.1password.com', accountUuid: undefined }],
  ])('keeps its cursor if %s', (_name, stream) => {
    expect(changed(before, followStream(before, stream, NOW_MS))).toEqual(before)
  })

  it('stores base URL and account on its first run', () => {
    const stream = { baseUrl: 'https://x', accountUuid: 'A' }
    expect(changed(sampleTask(), followStream(sampleTask(), stream, NOW_MS))).toEqual(sampleTask(stream))
  })
})

const DAY_MS = 86_400_000
const daysAgo = (days: number, ms = 0): string =>
  new Date(NOW_MS - days * DAY_MS + ms).toISOString().replace('.000Z', 'Z')

describe('a chain that would begin before what 1Password keeps', () => {
  const HOUR_MS = 3_600_000
  const EARLIEST = daysAgo(120, HOUR_MS)

  /** The last event, and a run that found no other one. */
  const halted = (days: number, ms: number) =>
    sampleTask({
      startTime: daysAgo(200),
      lastEventTime: daysAgo(days, ms),
      lastSuccessAt: daysAgo(days, ms),
      lastObjectKey: 'k',
    })

  it.each([
    ['a second before', -1000, EARLIEST],
    ['at', 0, EARLIEST],
    ['a second after', 1000, daysAgo(120, HOUR_MS + 1000)],
  ])('begins there, with an hour to spare: %s', (_name, ms, from) => {
    const task = halted(120, 7 * HOUR_MS + ms)
    expect(resetChain(task, NOW_MS)).toMatchObject({ startTime: from, overlap: { from } })
  })

  it.each([
    ['a second before', -1000, { from: daysAgo(120, HOUR_MS - 1000).replace('Z', '.000Z'), to: EARLIEST }],
    ['at', 0, undefined],
  ])('says what is missing: the last event was %s', (_name, ms, gap) => {
    expect(findGap(halted(120, HOUR_MS + ms), NOW_MS)).toEqual(gap)
  })

  it('misses nothing of the time before the source wanted events', () => {
    const task = sampleTask({ startTime: daysAgo(100), lastSuccessAt: daysAgo(130) })
    expect(findGap(task, NOW_MS)).toBeUndefined()
  })
})

describe('the start of a chain that has no cursor', () => {
  const settled = { nowMs: NOW_MS, mayHaveObject: false }
  const later = '2026-03-01T00:00:00Z'
  const earlier = '2026-02-27T00:00:00Z'

  it.each([later, earlier])('is the start_time of the source before anything was read: %s', startTime => {
    expect(firstWindow(sampleTask(), { startTime, ...settled })).toEqual({ startTime })
  })

  it.each([
    ['after a reset', { chain: 2 }, false],
    ['behind an object', { lastObjectKey: 'k' }, false],
    ['while an uncommitted object may exist', {}, true],
  ])(
    '%s is only moved to a later start_time, and the next object keeps its name',
    (_name, change, mayHaveObject) => {
      const task = sampleTask(change)
      const window = (startTime: string) => firstWindow(task, { startTime, mayHaveObject, nowMs: NOW_MS })
      expect(window(later)).toEqual({ startTime: later, place: nextPlace(task) })
      expect(window(task.startTime)).toEqual({})
      expect(window(earlier)).toEqual({})
    },
  )

  it('is not moved if there is a cursor', () => {
    expect(firstWindow(sampleTask({ cursor: 'c' }), { startTime: later, ...settled })).toEqual({})
  })

  it.each([
    ['120 days and ten minutes', 600_000, {}],
    ['one second more', 601_000, { startTime: daysAgo(120, 3_600_000) }],
  ])('is moved to what 1Password keeps, once it is older than %s', (_name, ms, moved) => {
    const startTime = daysAgo(120, -ms)
    expect(firstWindow(sampleTask({ startTime }), { startTime, ...settled })).toEqual(moved)
  })
})
