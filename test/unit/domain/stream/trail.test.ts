import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cursorMark, extendTrail, findRepetition } from '../../../../shared/domain/stream/trail.ts'

const NONE: ReadonlySet<string> = new Set()

const trailOf = (cursors: readonly string[]): string | undefined =>
  cursors.reduce<string | undefined>((trail, cursor) => extendTrail(trail, cursor), undefined)

describe('the trail of a task', () => {
  it('finds each of the last four cursors, and no earlier or other one', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 12 }),
        fc.string(),
        (cursors, other) => {
          const task = { cursor: 'none of them', trail: trailOf(cursors) ?? '' }
          const found = cursors.map(cursor => findRepetition(task, NONE, cursor) !== undefined)
          expect(found).toEqual(cursors.map((_, at) => at >= cursors.length - 4))
          fc.pre(!cursors.includes(other) && other !== task.cursor)
          expect(findRepetition(task, NONE, other)).toBeUndefined()
        },
      ),
    )
  })

  it('is never longer than 20 bytes', () => {
    expect(trailOf(Array.from({ length: 100 }, (_, i) => `${i}`))).toMatch(/^[0-9a-f]{40}$/)
  })
})

describe('a page that leads back', () => {
  it('names the cursor that it was asked with before all others', () => {
    const task = { cursor: 'c', trail: extendTrail(undefined, 'c') }
    expect(findRepetition(task, new Set([cursorMark('c')]), 'c')).toBe('asked')
    expect(findRepetition({ cursor: 'moved', trail: task.trail }, NONE, 'c')).toBe('before')
    expect(findRepetition({ cursor: 'moved' }, new Set([cursorMark('c')]), 'c')).toBe('before')
    expect(findRepetition({}, NONE, 'c')).toBeUndefined()
  })
})
