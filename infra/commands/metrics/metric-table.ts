import type { KeptMetric } from '../../local/metrics/metric-file.ts'
import { formatTable } from '../../local/text-table.ts'

/** Columns that hold numbers. */
const NUMBERS = new Set([2, 3, 4, 5, 6, 7])
const HEADINGS = ['Metric', 'Sent by', 'Values', 'Sum', 'Least', 'p50', 'Most', 'Last', 'Unit', 'Last sent']

const formatNumber = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 })

function metricRow(name: string, metrics: readonly KeptMetric[]): string[] {
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
  return [
    name,
    from,
    formatNumber(values.length),
    ...figures.map(formatNumber),
    last?.unit ?? '',
    last?.time ?? '',
  ]
}

/** Returns a line for each metric, with the statistics that CloudWatch computes of its values. */
export function metricTable(metrics: readonly KeptMetric[]): string {
  const byName = Map.groupBy(metrics, ({ name, dimensions }) => `${Object.values(dimensions)} ${name}`)
  const rows = [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, each]) => metricRow(each[0]?.name ?? '', each))
  return formatTable([HEADINGS, ...rows], NUMBERS)
}
