import type { CollectedCollector, CollectedSource, Collection } from './collected.ts'
import { byTime } from './format.ts'
import { HEALTHS, type Health, sourceHealth } from './health.ts'

/** A line of the Collection view. */
export interface Row {
  readonly collector: CollectedCollector
  readonly source: CollectedSource
  readonly health: Health
  /** Events of the last 24 hours, all APIs together, the oldest hour first. */
  readonly hours: readonly number[]
  readonly events: number
  /** The newest event of any API. */
  readonly lastEvent: string | undefined
  /** Of the API that is furthest behind. */
  readonly lagSince: string | undefined
}

export const COLUMNS = ['name', 'health', 'lag', 'events'] as const

export type Column = (typeof COLUMNS)[number]

export interface Wanted {
  readonly text: string
  readonly health: Health | undefined
  readonly column: Column
  readonly isDescending: boolean
}

/** Sums hour by hour. */
export function sumHours(all: readonly (readonly number[])[]): readonly number[] {
  const length = Math.max(0, ...all.map(hours => hours.length))
  return Array.from({ length }, (_, hour) => all.reduce((sum, hours) => sum + (hours[hour] ?? 0), 0))
}

function toRow(collector: CollectedCollector, source: CollectedSource): Row {
  const { apis } = source
  const hours = sumHours(apis.map(({ eventsByHour }) => eventsByHour))
  return {
    ...{ collector, source, hours, health: sourceHealth(source) },
    events: hours.reduce((sum, count) => sum + count, 0),
    lastEvent: apis
      .flatMap(({ lastEventTime }) => lastEventTime ?? [])
      .sort(byTime)
      .at(-1),
    lagSince: apis.flatMap(({ lagSince }) => lagSince ?? []).sort(byTime)[0],
  }
}

export const listRows = ({ collectors }: Collection): readonly Row[] =>
  collectors.flatMap(collector => collector.sources.map(source => toRow(collector, source)))

const isFound = ({ collector, source }: Row, words: readonly string[]): boolean => {
  const text = [source.name, collector.name, source.category ?? ''].join(' ').toLowerCase()
  return words.every(word => text.includes(word))
}

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

const ORDERS: Readonly<Record<Column, (a: Row, b: Row) => number>> = {
  name: (a, b) => names.compare(a.source.name, b.source.name),
  health: (a, b) => HEALTHS.indexOf(a.health) - HEALTHS.indexOf(b.health),
  // The one that is furthest behind comes last. Of one that has read nothing, the lag is not known.
  lag: (a, b) => Date.parse(b.lagSince ?? '9999-01-01') - Date.parse(a.lagSince ?? '9999-01-01'),
  events: (a, b) => a.events - b.events,
}

/** The rows that are wanted, in the wanted order. Equal ones are in the order of their names. */
export function chooseRows(
  rows: readonly Row[],
  { text, health, column, isDescending }: Wanted,
): readonly Row[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = rows.filter(row => (health === undefined || row.health === health) && isFound(row, words))
  const sign = isDescending ? -1 : 1
  return found.sort((a, b) => sign * ORDERS[column](a, b) || ORDERS.name(a, b) || a.source.id - b.source.id)
}

/** How many sources there are of each health. */
export const countHealths = (rows: readonly Row[]): ReadonlyMap<Health, number> => {
  const counts = Map.groupBy(rows, ({ health }) => health)
  return new Map(
    HEALTHS.flatMap(health => (counts.has(health) ? [[health, counts.get(health)?.length ?? 0]] : [])),
  )
}
