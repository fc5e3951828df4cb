import { expect, it } from 'vitest'
import { nextRequest, pageLimit, placeDigest } from '../../../../shared/domain/stream/page-request.ts'

const START = '2026-02-28T00:00:00Z'

it.each([
  [undefined, 1000, 1000],
  [10, 1000, 10],
  [1000, 1000, 1000],
  [2000, 1000, 1000],
])('a task with the limit %s and a usual limit of %i asks for %i items', (limit, usual, asked) => {
  const task = { startTime: START, ...(limit !== undefined && { pageLimit: limit }) }
  expect(pageLimit(task, usual)).toBe(asked)
  expect(nextRequest(task, usual)).toEqual({ limit: asked, start_time: START })
})

it('a task with a cursor asks with the cursor alone', () => {
  expect(nextRequest({ cursor: 'c', startTime: START, pageLimit: 10 }, 1000)).toEqual({ cursor: 'c' })
})

it('a place is the chain with its cursor or its start, whatever the limit', () => {
  const start = { limit: 10, start_time: START }
  const places = [
    placeDigest(1, start),
    placeDigest(2, start),
    placeDigest(1, { ...start, start_time: '2026-03-01T00:00:00Z' }),
    placeDigest(1, { cursor: 'c' }),
    placeDigest(1, { cursor: 'd' }),
    placeDigest(1, { cursor: START }),
  ]
  expect(new Set(places).size).toBe(places.length)
  expect(placeDigest(1, { ...start, limit: 20 })).toBe(places[0])
})
