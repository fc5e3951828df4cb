import { parseArgs } from 'node:util'
import { type KeptMetric, readMetrics } from './metric-file.ts'
import { metricTable } from './metric-table.ts'

/** A command line that cannot be followed. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse'
}

export const HELP = `What the functions of the local stage have sent to CloudWatch as metrics.

  npm run metrics -- [--name NAME] [--since WHEN] [--data DIR] [--json]

  --name NAME    This metric alone.
  --since WHEN   Not what is older: 30m, 2h or 1d before the last value, or a time such as 2026-03-01T12:00:00Z.
  --data DIR     The data directory of the stage. Default: .local
  --json         One JSON object on a line for each time that a metric was sent, with its values.

Times are virtual, as everything on the local stage.
`

const OPTIONS = {
  name: { type: 'string' },
  since: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: false }).values
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error))
  }
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

function sinceMs(since: string | undefined, lastMs: number): number {
  if (since === undefined) return Number.NEGATIVE_INFINITY
  const [, count, unit = ''] = /^(\d+)([mhd])$/.exec(since) ?? []
  const timeMs = count === undefined ? Date.parse(since) : lastMs - Number(count) * (UNIT_MS[unit] ?? 0)
  if (Number.isNaN(timeMs)) throw new WrongUse(`--since is a time, or like 30m, 2h or 1d, not "${since}".`)
  return timeMs
}

const timeOf = ({ time }: KeptMetric): number => Date.parse(time)

function wanted(all: readonly KeptMetric[], name: string | undefined, since: string | undefined) {
  const fromMs = sinceMs(
    since,
    all.reduce((last, metric) => Math.max(last, timeOf(metric)), 0),
  )
  return all.filter(metric => (name === undefined || metric.name === name) && timeOf(metric) >= fromMs)
}

/** What `npm run metrics` prints. Throws WrongUse. */
export function metricsCommand(argv: readonly string[]): string {
  const { name, since, data = '.local', json, help } = parsed(argv)
  if (help) return HELP
  const all = readMetrics(data)
  if (!all)
    throw new WrongUse(`${data} holds no metrics: run npm start first, or name its directory with --data.`)
  const shown = wanted(all, name, since)
  if (json) return shown.map(metric => `${JSON.stringify(metric)}\n`).join('')
  return shown.length === 0 ? 'No such metric was sent.\n' : `${metricTable(shown)}\n`
}
