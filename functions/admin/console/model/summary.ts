import type { Collection } from './collected.ts'
import { type Health, worstHealth } from './health.ts'
import { countHealths, listRows, type Row, sumHours } from './rows.ts'

/** All sources together. */
export interface Summary {
  readonly sources: number
  readonly healthy: number
  readonly health: Health
  readonly counts: ReadonlyMap<Health, number>
  readonly events: number
  readonly lastHour: number
  readonly openHealthEvents: number
  readonly lagSince: string | undefined
  readonly lagSource: string | undefined
  readonly byApi: readonly { readonly api: string; readonly hours: readonly number[] }[]
  /** The sources that a person must look at, the worst first. */
  readonly wrong: readonly Row[]
}

const FOR_PEOPLE: readonly Health[] = ['failed', 'silent', 'warning']

const sumByApi = (rows: readonly Row[]): Summary['byApi'] => {
  const apis = rows.flatMap(({ source }) => source.apis)
  return [...Map.groupBy(apis, ({ api }) => api)].map(([api, own]) => ({
    ...{ api, hours: sumHours(own.map(({ eventsByHour }) => eventsByHour)) },
  }))
}

const furthestBehind = (rows: readonly Row[]): Row | undefined =>
  rows
    .filter(({ lagSince }) => lagSince !== undefined)
    .reduce<Row | undefined>((worst, row) => {
      const isEarlier = worst && Date.parse(worst.lagSince ?? '') <= Date.parse(row.lagSince ?? '')
      return isEarlier ? worst : row
    }, undefined)

const add = (rows: readonly Row[], count: (row: Row) => number): number =>
  rows.reduce((sum, row) => sum + count(row), 0)

export function summarize(collection: Collection): Summary {
  const rows = listRows(collection)
  const behind = furthestBehind(rows)
  const counts = countHealths(rows)
  return {
    sources: rows.length,
    healthy: counts.get('healthy') ?? 0,
    health: worstHealth(rows.map(({ health }) => health)),
    counts,
    events: add(rows, ({ events }) => events),
    lastHour: add(rows, ({ hours }) => hours.at(-1) ?? 0),
    openHealthEvents: add(rows, ({ source }) => source.openHealthEvents),
    lagSince: behind?.lagSince,
    lagSource: behind?.source.name,
    byApi: sumByApi(rows),
    wrong: FOR_PEOPLE.flatMap(health => rows.filter(row => row.health === health)),
  }
}
