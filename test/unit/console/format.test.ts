import { describe, expect, it } from 'vitest'
import {
  apiTitle,
  formatCount,
  formatCountdown,
  formatDuration,
  formatShort,
  formatUtc,
  plural,
} from '../../../functions/admin/console/model/format.ts'
import { parseRoute } from '../../../functions/admin/console/model/route.ts'

describe('what people read', () => {
  it.each([
    [-5, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3599, '59 min'],
    [3600, '1 h'],
    [7500, '2 h 5 min'],
    [86_400, '1 d'],
    [100_000, '1 d 3 h'],
  ])('says the duration %d as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })

  it.each([
    [-1, '0:00'],
    [4.2, '0:05'],
    [245, '4:05'],
    [3600, '1 h'],
  ])('counts down %d as %s', (seconds, text) => {
    expect(formatCountdown(seconds)).toBe(text)
  })

  it.each([
    [999, '999'],
    [1000, '1 k'],
    [12_345, '12.3 k'],
    [99_500, '100 k'],
    [999_499, '999 k'],
    [999_500, '1 M'],
    [4_100_000, '4.1 M'],
  ])('shortens %d to %s', (count, text) => {
    expect(formatShort(count)).toBe(text)
  })

  it('groups digits, and says times in UTC', () => {
    expect([999, 1000, 1_234_567].map(formatCount)).toEqual(['999', '1\u202f000', '1\u202f234\u202f567'])
    expect(formatUtc('2026-11-29T13:30:00.5+01:00')).toBe('2026-11-29 12:30:00 UTC')
    expect(formatUtc('tomorrow')).toBe('tomorrow')
    expect([plural(1, 'source'), plural(0, 'source')]).toEqual(['1 source', '0 sources'])
    expect([apiTitle('sign-in'), apiTitle('new')]).toEqual(['Sign-in Attempts', 'new'])
  })
})

describe('an address in the page', () => {
  it.each([
    ['', { view: 'overview' }],
    ['#/nowhere', { view: 'overview' }],
    ['#/collection', { view: 'collection' }],
    ['#/collection?health=failed', { view: 'collection', health: 'failed' }],
    ['#/sources/100000002', { view: 'source', id: 100_000_002 }],
    ['#/sources/x', { view: 'overview' }],
    ['#/sources/5/edit', { view: 'edit', id: 5 }],
    ['#/add', { view: 'add' }],
    ['#/events', { view: 'events' }],
    ['#/events?source=5', { view: 'events', source: 5 }],
    ['#/events?source=<b>', { view: 'events' }],
  ])('%s is %j', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route)
  })
})
