import { parseArgs } from 'node:util'
import { API_NAMES } from '../../../shared/contract/apis.ts'
import type { Scenario } from './month.ts'

export type CommandLine =
  | { readonly command: 'help' }
  | { readonly command: 'bill'; readonly scenario: Scenario; readonly json: boolean }

/** A command line that cannot be followed; the message lists every fault. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const OPTIONS = {
  sources: { type: 'string' },
  apis: { type: 'string' },
  'events-per-day': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const BOUNDS = {
  sources: { least: 1, most: 1_000_000, usual: 1 },
  apis: { least: 1, most: API_NAMES.length, usual: 2 },
  'events-per-day': { least: 0, most: 10_000_000, usual: 0 },
} as const

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: false }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function wholeNumber(name: keyof typeof BOUNDS, text: string | undefined, faults: string[]): number {
  const { least, most, usual } = BOUNDS[name]
  if (text === undefined) return usual
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  faults.push(`--${name} must be a whole number from ${least} to ${most}, not "${text}".`)
  return usual
}

/** Reads the command line. Throws UsageError. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const values = parsed(argv)
  if (values.help) return { command: 'help' }
  const faults: string[] = []
  const scenario = {
    sources: wholeNumber('sources', values.sources, faults),
    apis: wholeNumber('apis', values.apis, faults),
    eventsPerDay: wholeNumber('events-per-day', values['events-per-day'], faults),
  }
  if (faults.length > 0) throw new UsageError(faults.join('\n'))
  return { command: 'bill', scenario, json: values.json ?? false }
}

export const HELP = `What the sources cost in a month on AWS, in USD at list prices, without the free tier.

  npm run cost -- [--sources N] [--apis K] [--events-per-day E] [--json]

  --sources N          How many sources. Default: ${BOUNDS.sources.usual}
  --apis K             How many APIs each of them has, 1 to ${BOUNDS.apis.most}. Default: ${BOUNDS.apis.usual}
  --events-per-day E   Events a day of each API of each source, not of all together, evenly spread over the day's 288 ticks:
                       from 288 on every run of every API finds some, which is what "events on every tick" means. Default: 0
  --json               One JSON object: total, each service, and below them fixed, usage, quotas, prices and assumptions.

The calls are counted: the command runs the system on this machine with a simulated account, for some idle ticks, some with
one page of events and some with several, and scales them. Durations on AWS cannot be counted here: they follow from the
counted calls and the assumptions that the command prints. Nothing leaves the machine and no AWS account is needed.

The total is what the sources cost. What stands in the account without any source (alarms, access key) is fixed, and shown by
itself. So are the ticks without tasks: there is one every five minutes however many sources it serves; what it reads and
puts on the bus for their tasks is in the total. What only trouble causes (retries, health events, alarms that fire), the calls of the management API,
queries in Athena and taxes are not in it.
`
