import { describe, expect, it } from 'vitest'
import { joinParts } from '../../../functions/admin/console/model/collected.ts'
import { restartResult } from '../../../functions/admin/console/model/restart.ts'
import { clockOffsetMs } from '../../../functions/admin/console/model/server-clock.ts'
import { toSteps } from '../../../functions/admin/console/model/steps.ts'
import { api, collection, error, NOW, source } from './collected.ts'

const LATER = '2026-11-29T12:31:00Z'

const marks = (given: Parameters<typeof api>[0]): string =>
  toSteps(api(given))
    .map(({ name, mark }) => `${name} ${mark}`)
    .join(', ')

describe('the steps of an API', () => {
  it('lead to Collecting', () => {
    expect(marks({ state: 'Initialized' })).toBe(
      'Pending done, Started done, Initialized current, Authenticated open, Collecting open',
    )
  })

  it('show an error behind the last step that was reached', () => {
    expect(marks({ state: 'Error', reached: { Pending: NOW, Started: NOW, Error: LATER } })).toBe(
      'Pending done, Started done, Error failed, Initialized open, Authenticated open, Collecting open',
    )
    expect(marks({ state: 'Error' })).toMatch(/^Error failed, Pending open/)
  })
})

describe('what becomes of a restart', () => {
  const before = source({ apis: [api({ state: 'Error', since: NOW, error })] })
  const now = (given: Parameters<typeof api>[0]) => restartResult(before, source({ apis: [api(given)] }))

  it('is not known while it is under way', () => {
    expect(now({ state: 'Error', since: NOW, error })).toBeUndefined()
    expect(now({ state: 'Pending', since: LATER })).toBeUndefined()
  })

  it('is that it collects, or fails again', () => {
    expect(now({ since: LATER })).toBe('First was restarted and is collecting.')
    expect(now({ state: 'Error', since: LATER, error: { ...error, at: LATER } })).toContain(error.info)
  })
})

describe('the clock of the server', () => {
  const offset = (time: string): number => clockOffsetMs(collection(source()), Date.parse(time))

  it("is the browser's, if that is in the hour of the collection", () => {
    expect(['2026-11-29T12:00:00Z', NOW, '2026-11-29T13:01:59Z'].map(offset)).toEqual([0, 0, 0])
    expect(offset('2026-11-29T13:02:00Z')).toBeLessThan(0)
    expect(offset('2026-11-29T11:57:59Z')).toBeGreaterThan(0)
  })

  it('is at the latest time that is known, if it is another', () => {
    const ahead = collection(source({ apis: [api({ lastSuccess: LATER })] }))
    const browserMs = Date.parse('2026-11-29T02:00:00Z')
    expect(browserMs + clockOffsetMs(ahead, browserMs)).toBe(Date.parse(LATER))
  })
})

it('joins a collector whose sources are in two parts of the list', () => {
  const joined = joinParts([collection(source()), collection(source({ id: 2 }))])
  expect(joined.collectors.map(({ sources }) => sources.map(({ id }) => id))).toEqual([[1, 2]])
})
