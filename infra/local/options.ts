import { DESTINATION_KINDS, type DestinationKind } from '../../shared/contract/destinations.ts'
import { createFaults, type Faults, readParts } from '../command-line/options.ts'
import { OPTIONS, type OptionName } from './option-table.ts'

/** The options of the command line. An option that is not given is absent. */
export interface Options {
  readonly help: boolean
  readonly once: boolean
  readonly dataDir: string
  readonly port: number
  readonly speed: number
  readonly seed?: string
  readonly days?: number
  readonly eventFiles: readonly string[]
  readonly account: boolean
  readonly destination?: DestinationKind
  readonly access?: { readonly accessId: string; readonly accessKey: string }
}

type Values = ReadonlyMap<string, string>

const DEFAULT_PORT = 8787
const MAX_DAYS = 120
const MAX_SPEED = 1000

/** Reads the values by option. `events` takes every file that follows it. */
function readValues(
  argv: readonly string[],
  faults: Faults,
): { readonly values: Values; readonly files: string[] } {
  const values = new Map<string, string>()
  const files: string[] = []
  for (const part of readParts(argv, OPTIONS, faults)) {
    if ('name' in part) {
      values.set(part.name, part.value)
      if (part.name === 'events') files.push(part.value)
    } else if (values.has('events')) files.push(part.word)
    else faults.add(`${part.word} is no option: files follow --events.`)
  }
  return { values, files }
}

interface Bounds {
  readonly min: number
  readonly max: number
  readonly integer?: boolean
}

/** Returns a number within bounds, or undefined if it is not given. */
function readNumber(values: Values, name: OptionName, bounds: Bounds, faults: Faults): number | undefined {
  const text = values.get(name)
  if (text === undefined) return undefined
  const value = Number(text)
  const isWithin =
    text.trim() !== '' &&
    value >= bounds.min &&
    value <= bounds.max &&
    (!bounds.integer || Number.isInteger(value))
  if (isWithin) return value
  const kind = bounds.integer ? 'a whole number' : 'a number'
  faults.add(`--${name} must be ${kind} from ${bounds.min} to ${bounds.max}, not ${text || 'nothing'}.`)
  return undefined
}

function readAccess(values: Values, faults: Faults): Options['access'] {
  const [accessId, accessKey] = [values.get('access-id'), values.get('access-key')]
  if (accessId === undefined && accessKey === undefined) return undefined
  if (!accessId || accessId.includes(':'))
    faults.add('--access-id must be given with --access-key, and hold no colon.')
  if (!accessKey) faults.add('--access-key must be given with --access-id.')
  return accessId && accessKey ? { accessId, accessKey } : undefined
}

function readDestination(values: Values, faults: Faults): DestinationKind | undefined {
  const text = values.get('destination')
  const kind = DESTINATION_KINDS.find(each => each === text)
  if (text !== undefined && kind === undefined)
    faults.add(`--destination must be one of ${DESTINATION_KINDS.join(', ')}, not ${text || 'nothing'}.`)
  return kind
}

/** Adds a fault for each option that contradicts another one, or the token of a real account. */
function refuseContradictions(values: Values, realAccount: boolean, faults: Faults): void {
  const given = (names: readonly OptionName[]) => names.filter(name => values.has(name))
  const simulated = given(['seed', 'days', 'events'])
  if (values.has('events')) {
    for (const name of given(['seed', 'days']))
      faults.add(`--${name} belongs to a made-up history, but --events serves files: leave one of them out.`)
  }
  if (values.has('no-account')) {
    for (const name of simulated)
      faults.add(`--${name} belongs to the simulated account: leave out --${name} or --no-account.`)
  } else if (realAccount) {
    for (const name of simulated)
      faults.add(`--${name} belongs to the simulated account: leave it out, or unset OP_EVENTS_TOKEN.`)
  }
}

/** Reads the command line. `realAccount`: a token of a real account is given. Throws UsageError. */
export function parseOptions(argv: readonly string[], realAccount: boolean): Options {
  const faults = createFaults()
  const { values, files } = readValues(argv, faults)
  const help = values.has('help')
  refuseContradictions(values, realAccount, faults)
  const access = readAccess(values, faults)
  const days = readNumber(values, 'days', { min: 1, max: MAX_DAYS, integer: true }, faults)
  const seed = values.get('seed')
  const destination = readDestination(values, faults)
  const options: Options = {
    help,
    once: values.has('once'),
    dataDir: values.get('data') ?? '.local',
    port: readNumber(values, 'port', { min: 0, max: 65_535, integer: true }, faults) ?? DEFAULT_PORT,
    speed: readNumber(values, 'speed', { min: 0.01, max: MAX_SPEED }, faults) ?? 1,
    ...(seed !== undefined && { seed }),
    ...(days !== undefined && { days }),
    eventFiles: files,
    account: !values.has('no-account'),
    ...(destination && { destination }),
    ...(access && { access }),
  }
  if (!help) faults.throwIfAny()
  return options
}
