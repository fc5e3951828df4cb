import { formatHelp } from '../../command-line/help.ts'
import { HELP_OPTION, parseOptions, refuseWords, UsageError } from '../../command-line/options.ts'

export interface CommandLine {
  readonly help: boolean
  readonly name: string | undefined
  readonly since: string | undefined
  readonly dataDir: string
  readonly json: boolean
}

const OPTIONS = {
  name: { value: 'NAME', text: 'Print this metric only.' },
  since: {
    value: 'WHEN',
    text: 'Leave out what is older: 30m, 2h or 1d before the last value, or a time such as 2026-03-01T12:00:00Z.',
  },
  data: { value: 'DIR', text: 'The data directory of the stage. Default: .local' },
  json: {
    text: 'Print one JSON object on a line, with its values, for each time that a metric was sent.',
  },
  help: HELP_OPTION,
} as const

/** Reads the command line. Throws UsageError. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { values, words, faults } = parseOptions(argv, OPTIONS)
  const { help, name, since, data = '.local', json } = values
  if (!help) {
    refuseWords(words, faults)
    faults.throwIfAny()
  }
  return { help, name, since, dataDir: data, json }
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Reads `--since`: a time, or a span before the last value. Returns epoch milliseconds. Throws UsageError. */
export function readSinceMs(since: string | undefined, lastMs: number): number {
  if (since === undefined) return Number.NEGATIVE_INFINITY
  const [, count, unit = ''] = /^(\d+)([mhd])$/.exec(since) ?? []
  const timeMs = count === undefined ? Date.parse(since) : lastMs - Number(count) * (UNIT_MS[unit] ?? 0)
  if (Number.isNaN(timeMs)) {
    throw new UsageError(`--since is a time, or like 30m, 2h or 1d, not "${since}".`)
  }
  return timeMs
}

export const HELP = formatHelp({
  purpose: 'Prints what the functions of the local stage have sent to CloudWatch as metrics.',
  usages: [{ line: 'npm run metrics -- [options]' }],
  options: OPTIONS,
  notes: ['Times are virtual, like all times of the local stage.'],
})
