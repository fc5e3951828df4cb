import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutBatches } from '../../../../shared/domain/destination/event-batch.ts'
import type { Item } from '../../../../shared/domain/stream/item.ts'

const items = (...sizes: number[]): Item[] => sizes.map(size => ({ json: new Uint8Array(size) }))
const cut = (sizes: number[], maxBytes: number, maxEvents = 100): number[][] =>
  cutBatches(items(...sizes), { maxBytes, maxEvents, measure: ({ json }) => json.length }).map(batch =>
    batch.map(({ json }) => json.length),
  )

describe('a page is cut into batches', () => {
  it.each([
    [[], []],
    [[10], [[10]]],
    [[4, 5], [[4, 5]]],
    [[5, 5], [[5, 5]]],
    [
      [5, 6],
      [[5], [6]],
    ],
  ])('at a limit of 10 bytes: %j becomes %j', (sizes, batches) => expect(cut(sizes, 10)).toEqual(batches))

  it.each([
    [[9], [[9]]],
    [[10], [[10]]],
    [[11], [[11]]],
    [
      [1, 11, 1],
      [[1], [11], [1]],
    ],
  ])('an event that is too large is alone, and whole: %j', (sizes, batches) =>
    expect(cut(sizes, 10)).toEqual(batches),
  )

  it.each([
    [2, [[1, 1]]],
    [1, [[1], [1]]],
    [3, [[1, 1]]],
  ])('at a limit of %i events', (maxEvents, batches) => expect(cut([1, 1], 10, maxEvents)).toEqual(batches))

  it('loses none, keeps their order, and no batch that could be smaller is too large', () => {
    const sizes = fc.array(fc.nat(30), { maxLength: 40 })
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (given, bytes, most) => {
          const batches = cut(given, bytes, most)
          expect(batches.flat()).toEqual(given)
          for (const batch of batches) {
            expect(batch.length).toBeGreaterThan(0)
            expect(batch.length).toBeLessThanOrEqual(most)
            const sum = batch.reduce((total, size) => total + size, 0)
            expect(batch.length === 1 || sum <= bytes).toBe(true)
          }
        },
      ),
    )
  })
})
