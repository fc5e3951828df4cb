import { UsageError } from '../../command-line/options.ts'
import { type KeptMetric, readMetrics } from '../../local/metrics/metric-file.ts'
import { type CommandLine, HELP, readCommandLine, readSinceMs } from './command-line.ts'
import { metricTable } from './metric-table.ts'

const sentMs = ({ time }: KeptMetric): number => Date.parse(time)

function selectMetrics(all: readonly KeptMetric[], { name, since }: CommandLine): readonly KeptMetric[] {
  const lastMs = all.reduce((last, metric) => Math.max(last, sentMs(metric)), 0)
  const fromMs = readSinceMs(since, lastMs)
  return all.filter(metric => (name === undefined || metric.name === name) && sentMs(metric) >= fromMs)
}

/** Returns what `npm run metrics` prints. Throws UsageError. */
export function metricsReport(argv: readonly string[]): string {
  const line = readCommandLine(argv)
  if (line.help) return HELP
  const all = readMetrics(line.dataDir)
  if (!all) {
    throw new UsageError(
      `${line.dataDir} holds no metrics: run npm start first, or name its directory with --data.`,
    )
  }
  const selected = selectMetrics(all, line)
  if (line.json) return selected.map(metric => `${JSON.stringify(metric)}\n`).join('')
  return selected.length === 0 ? 'No such metric was sent.\n' : `${metricTable(selected)}\n`
}
