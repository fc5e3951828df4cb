import { API_NAMES } from '../../../shared/contract/apis.ts'
import { formatHelp } from '../../command-line/help.ts'
import {
  type Faults,
  HELP_OPTION,
  parseOptions,
  readNumber,
  refuseWords,
} from '../../command-line/options.ts'
import type { Scenario } from './month.ts'

type CommandLine =
  | { readonly command: 'help' }
  | { readonly command: 'bill'; readonly scenario: Scenario; readonly json: boolean }

const BOUNDS = {
  sources: { min: 1, max: 1_000_000, fallback: 1 },
  apis: { min: 1, max: API_NAMES.length, fallback: 2 },
  'events-per-day': { min: 0, max: 10_000_000, fallback: 0 },
} as const

const OPTIONS = {
  sources: { value: 'N', text: `How many sources. Default: ${BOUNDS.sources.fallback}` },
  apis: {
    value: 'K',
    text: `How many APIs each source has, 1 to ${BOUNDS.apis.max}. Default: ${BOUNDS.apis.fallback}`,
  },
  'events-per-day': {
    value: 'E',
    text: `Events a day of each API of each source, not of all together.\nThey are spread evenly over the 288 ticks of a day:\nfrom 288 on every run of every API finds some, which is what "events on every tick" means. Default: ${BOUNDS['events-per-day'].fallback}`,
  },
  json: {
    text: 'Print one JSON object: the total, each service, and below them fixed costs, usage, quotas, prices and assumptions.',
  },
  help: HELP_OPTION,
} as const

function readBoundedNumber(name: keyof typeof BOUNDS, text: string | undefined, faults: Faults): number {
  const { fallback, ...bounds } = BOUNDS[name]
  return (text === undefined ? undefined : readNumber(name, text, bounds, faults)) ?? fallback
}

/** Reads the command line. Throws UsageError. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { values, words, faults } = parseOptions(argv, OPTIONS)
  if (values.help) return { command: 'help' }
  refuseWords(words, faults)
  const scenario = {
    sources: readBoundedNumber('sources', values.sources, faults),
    apis: readBoundedNumber('apis', values.apis, faults),
    eventsPerDay: readBoundedNumber('events-per-day', values['events-per-day'], faults),
  }
  faults.throwIfAny()
  return { command: 'bill', scenario, json: values.json }
}

export const HELP = formatHelp({
  purpose: 'Estimates what the sources cost in a month on AWS, in USD at list prices, without the free tier.',
  usages: [{ line: 'npm run cost -- [options]' }],
  options: OPTIONS,
  notes: [
    'The calls are counted: the command runs the system on this machine with a simulated account, for some idle ticks, some ticks with one page of events and some with several, and scales them to a month. Durations on AWS cannot be counted here: they follow from the counted calls and from assumptions, which the command prints. Nothing leaves the machine, and no AWS account is needed.',
    'The total is what the sources cost. What the stack costs without any source (alarms, access key) is fixed, and is shown by itself. So are the ticks without tasks: there is one every five minutes, however many sources it serves. What a tick reads and puts on the bus for their tasks is in the total. The total leaves out what only trouble causes (retries, health events, alarms that fire), the calls of the management API, queries in Athena, and taxes.',
  ],
})
