import { textTable } from '../text-table.ts'
import type { KeptMetric } from './metric-file.ts'

const NUMBERS = new Set([2, 3, 4, 5, 6, 7])
const HEADINGS = ['Metric', 'Sent by', 'Values', 'Sum', 'Least', 'p50', 'Most', 'Last', 'Unit', 'Last sent']

const shown = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 })

function row(name: string, metrics: readonly KeptMetric[]): string[] {
  const values = metrics.flatMap(metric => metric.values)
  const sorted = values.toSorted((a, b) => a - b)
  const last = metrics.at(-1)
  const sum = values.reduce((total, value) => total + value, 0)
  const figures = [
    sum,
    sorted[0] ?? 0,
    sorted[Math.ceil(sorted.length / 2) - 1] ?? 0,
    sorted.at(-1) ?? 0,
    last?.values.at(-1) ?? 0,
  ]
  const from = Object.values(last?.dimensions ?? {}).join(', ')
  return [name, from, shown(values.length), ...figures.map(shown), last?.unit ?? '', last?.time ?? '']
}

/** A line for each metric, with the statistics that CloudWatch makes of its values. */
export function metricTable(metrics: readonly KeptMetric[]): string {
  const byName = Map.groupBy(metrics, ({ name, dimensions }) => `${Object.values(dimensions)} ${name}`)
  const rows = [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, each]) => row(each[0]?.name ?? '', each))
  return textTable([HEADINGS, ...rows], NUMBERS)
}
