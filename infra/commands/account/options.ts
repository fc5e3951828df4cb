import { readJson } from 'aws-emulator'
import { type Faults, HELP_OPTION, parseOptions, readNumber, UsageError } from '../../command-line/options.ts'

/** What `npm run account` without a command starts. */
export interface AccountCommandLine {
  readonly port: number
  readonly seed: string
  readonly days: number
  readonly eventsPerDay?: number
  readonly eventFiles: readonly string[]
  readonly token?: string
  readonly help: boolean
}

/** What `npm run account -- mode` switches. */
interface ModeCommandLine {
  readonly mode: string
  readonly feature: string | undefined
  /** The kind of a simulated destination, if not the account is switched. */
  readonly destination: string | undefined
  readonly url: string
}

const DEFAULT_PORT = 8788
const DEFAULT_DAYS = 30
const DEFAULT_DATA_DIR = '.local'
const MAX_DAYS = 120

export const ACCOUNT_OPTIONS = {
  port: { value: 'PORT', text: `Port on 127.0.0.1; 0 picks a free one. Default: ${DEFAULT_PORT}` },
  seed: { value: 'SEED', text: 'Another seed makes another account. Default: 1' },
  days: {
    value: 'DAYS',
    text: `How many days its history goes back, at most ${MAX_DAYS}. Default: ${DEFAULT_DAYS}`,
  },
  'events-per-day': {
    value: 'N',
    text: 'Events a day of each API. Default: 300 sign-ins, 1500 item usages, 120 audit events',
  },
  events: {
    value: 'FILE…',
    many: true,
    text: 'Serve the events in these files instead, as they are written: Events API pages or NDJSON.',
  },
  token: { value: 'TOKEN', text: 'The token to accept. Default: one made from the seed and the port' },
} as const

export const MODE_OPTIONS = {
  destination: {
    value: 'KIND',
    text: 'For mode: switch the simulated destination of npm start, for example sumologic, and not the account.',
  },
  feature: { value: 'FEATURE', text: 'For mode: switch this feature only. Default: everything' },
  url: { value: 'URL', text: 'For mode: the account at this URL.' },
  data: {
    value: 'DIR',
    text: `For mode: the account that npm start runs on this data directory. Default: ${DEFAULT_DATA_DIR}`,
  },
} as const

function readBoundedNumber(
  option: string,
  text: string | undefined,
  { max, fallback }: { readonly max: number; readonly fallback: number },
  faults: Faults,
): number {
  return (text === undefined ? undefined : readNumber(option, text, { min: 0, max }, faults)) ?? fallback
}

/** Reads the options that start an account. Throws UsageError. */
export function readOptions(argv: readonly string[]): AccountCommandLine {
  const { values, words, faults } = parseOptions(argv, { ...ACCOUNT_OPTIONS, help: HELP_OPTION })
  const { events, token, help } = values
  const perDay = values['events-per-day']
  if (words.length > 0 && events.length === 0) {
    faults.add(`"${words[0]}" belongs to no option; files of events follow --events.`)
  }
  if (token === '') faults.add('--token must not be empty.')
  const bounds = { max: 10_000_000, fallback: 0 }
  const options = {
    port: readBoundedNumber('port', values.port, { max: 65_535, fallback: DEFAULT_PORT }, faults),
    seed: values.seed ?? '1',
    days: readBoundedNumber('days', values.days, { max: MAX_DAYS, fallback: DEFAULT_DAYS }, faults),
    eventFiles: [...events, ...words],
    help,
    ...(perDay === undefined
      ? {}
      : { eventsPerDay: readBoundedNumber('events-per-day', perDay, bounds, faults) }),
    ...(token === undefined ? {} : { token }),
  }
  if (!help) faults.throwIfAny()
  return options
}

/** Finds the simulated destination that `npm start` runs on a data directory. */
function findDestinationUrl(dataDir: string, kind: string): string {
  const kept = readJson<{ readonly port: number }>(`${dataDir}/destinations/${kind}.json`)
  if (kept) return `http://127.0.0.1:${kept.port}`
  throw new UsageError(
    `${dataDir} holds no simulated destination ${kind}: run npm start -- --destination ${kind} first.`,
  )
}

/** Finds the account that `npm start` runs on a data directory. Its port is kept there. */
function findAccountUrl(dataDir: string): string {
  const kept = readJson<{ readonly port: number }>(`${dataDir}/account.json`)
  if (kept) return `http://127.0.0.1:${kept.port}`
  throw new UsageError(
    `${dataDir} holds no simulated account: run npm start first, or name the account with --url.`,
  )
}

/** Reads what follows the word `mode`. Throws UsageError. */
export function readModeOptions(argv: readonly string[]): ModeCommandLine | 'help' {
  const { values, words, faults } = parseOptions(argv, { ...MODE_OPTIONS, help: HELP_OPTION })
  if (values.help) return 'help'
  const [mode, ...others] = words
  faults.throwIfAny()
  if (mode === undefined || others.length > 0) {
    throw new UsageError('One mode follows "mode", for example: npm run account -- mode 503')
  }
  const { feature, destination, url, data = DEFAULT_DATA_DIR } = values
  if (destination !== undefined && feature !== undefined)
    throw new UsageError('--feature belongs to the account: leave it out, or --destination.')
  const find = () =>
    destination === undefined ? findAccountUrl(data) : findDestinationUrl(data, destination)
  return { mode, feature, destination, url: url ?? find() }
}
