import { describe, expect, it } from 'vitest'
import { chooseRows, countHealths, listRows, sumHours } from '../../../functions/admin/console/model/rows.ts'
import { summarize } from '../../../functions/admin/console/model/summary.ts'
import { api, collection, error, source } from './collected.ts'

const at = (minute: number): string => `2026-11-29T12:${minute}:00Z`

const SHOWN = collection(
  source({
    id: 1,
    name: 'Acme 10',
    apis: [api({ lagSince: at(20) }), api({ api: 'itemUsage', lagSince: at(10) })],
  }),
  source({
    id: 2,
    name: 'Acme 9',
    category: 'lab',
    apis: [api({ state: 'Error', error, lagSince: at(15) })],
  }),
  source({ id: 3, name: 'Nordics', apis: [api({ state: 'Pending', eventsByHour: [] })] }),
)

const ALL = { text: '', health: undefined, column: 'name', isDescending: false } as const

const chosen = (wanted: Partial<Parameters<typeof chooseRows>[1]>): readonly number[] =>
  chooseRows(listRows(SHOWN), { ...ALL, ...wanted }).map(row => row.source.id)

describe('the rows of the collection', () => {
  it('are in the order of names, with numbers in them as numbers', () => {
    expect(chosen({})).toEqual([2, 1, 3])
    expect(chosen({ isDescending: true })).toEqual([3, 1, 2])
  })

  it.each([
    ['health', [2, 3, 1]],
    ['lag', [3, 2, 1]],
    ['events', [3, 2, 1]],
  ] as const)('can be sorted by %s', (column, ids) => {
    expect(chosen({ column })).toEqual(ids)
  })

  it('are found by all words of the search, in name, collector and category', () => {
    expect(chosen({ text: ' ACME ' })).toEqual([2, 1])
    expect(chosen({ text: 'lab security' })).toEqual([2])
    expect(chosen({ text: 'lab nordics' })).toEqual([])
  })

  it('can be filtered by health', () => {
    expect(chosen({ health: 'failed' })).toEqual([2])
    expect([...countHealths(listRows(SHOWN))]).toEqual([
      ['failed', 1],
      ['starting', 1],
      ['healthy', 1],
    ])
  })

  it('sum the hours of their APIs', () => {
    expect(sumHours([[1, 2], [10]])).toEqual([11, 2])
    expect(sumHours([])).toEqual([])
  })
})

describe('the summary', () => {
  it('says how many collect, what is furthest behind, and what needs a person', () => {
    const summary = summarize(SHOWN)
    expect(summary).toMatchObject({ sources: 3, healthy: 1, health: 'failed', events: 72, lastHour: 3 })
    expect(summary).toMatchObject({ lagSource: 'Acme 10', lagSince: at(10) })
    expect(summary.wrong.map(row => row.source.id)).toEqual([2])
    expect(summary.byApi.map(({ api: name, hours }) => [name, hours[0]])).toEqual([
      ['sign-in', 2],
      ['itemUsage', 1],
    ])
  })

  it('knows no lag where nothing is read', () => {
    expect(summarize(collection())).toMatchObject({ sources: 0, lagSince: undefined, wrong: [] })
  })
})
