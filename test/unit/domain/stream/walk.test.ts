import { describe, expect, it } from 'vitest'
import { beginWalk, parseWalk, toWalkText, type Walk } from '../../../../shared/domain/stream/walk.ts'

const OVERLAP = { from: '2026-02-28T04:00:00Z', lastObjectKey: 'events/last' }

const WALK: Walk = { ...beginWalk(OVERLAP), next: 'events/older', objects: 3, marks: new Set(['A', '#b-_']) }

describe('a walk that is kept', () => {
  it.each([
    ['under way', WALK],
    ['that has ended', { ...WALK, next: undefined }],
    ['without an event', { ...WALK, marks: new Set<string>() }],
  ])('is the same when it is read: %s', (_, walk) => {
    expect(parseWalk(toWalkText(walk), OVERLAP)).toEqual(walk)
  })

  it.each([
    ['begins at another time', { ...OVERLAP, from: '2026-02-28T04:00:01Z' }],
    ['begins at another object', { ...OVERLAP, lastObjectKey: 'events/other' }],
  ])('does not count for an overlap that %s', (_, overlap) => {
    expect(parseWalk(toWalkText(WALK), overlap)).toBeUndefined()
  })

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a part of it', toWalkText(WALK).slice(0, -5)],
    ['a later schema', toWalkText(WALK).replace('"schema":1', '"schema":2')],
    ['an event more', `${toWalkText(WALK)}\nC`],
  ])('does not count if the object holds %s', (_, text) => {
    expect(parseWalk(text, OVERLAP)).toBeUndefined()
  })
})
