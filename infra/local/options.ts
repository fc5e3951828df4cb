import { parseArgs } from 'node:util'
import { UsageError } from '../command-line/options.ts'
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
  readonly access?: { readonly accessId: string; readonly accessKey: string }
}

type Values = ReadonlyMap<string, string>
type Fault = (text: string) => void

const DEFAULT_PORT = 8787
const MAX_DAYS = 120
const MAX_SPEED = 1000

const findDefinition = (name: string) =>
  Object.hasOwn(OPTIONS, name) ? OPTIONS[name as OptionName] : undefined

/** If an option follows where a value should be, it is read as an option. A value that begins with `--` needs `=`. */
function withoutValueless(argv: readonly string[], fault: Fault): string[] {
  return argv.filter((arg, at) => {
    const next = argv[at + 1]
    const wanted = arg.startsWith('--') ? findDefinition(arg.slice(2))?.value : undefined
    const valueless = wanted !== undefined && next?.startsWith('--') === true
    if (valueless)
      fault(`${arg} wants ${wanted} after it, not ${next}; if that is meant, write ${arg}=${next}`)
    return !valueless
  })
}

/** Reads the values by option. `events` takes every file that follows it. */
function read(argv: readonly string[], fault: Fault): { readonly values: Values; readonly files: string[] } {
  const options = Object.fromEntries(
    Object.entries(OPTIONS).map(([name, { value }]) => [
      name,
      { type: value ? 'string' : 'boolean' } as const,
    ]),
  )
  const { tokens } = parseArgs({
    args: withoutValueless(argv, fault),
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const values = new Map<string, string>()
  const files: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (values.has('events')) files.push(token.value)
      else fault(`${token.value} is no option: files follow --events`)
    } else if (token.kind === 'option') {
      readOption(token, values, fault)
      if (token.name === 'events' && token.value !== undefined) files.push(token.value)
    }
  }
  return { values, files }
}

function readOption(
  { name, rawName, value }: { name: string; rawName: string; value?: string | undefined },
  values: Map<string, string>,
  fault: Fault,
): void {
  const known = findDefinition(name)
  if (!known)
    fault(
      `${rawName} is no option; the options are ${Object.keys(OPTIONS)
        .map(each => `--${each}`)
        .join(', ')}`,
    )
  else if (known.value && value === undefined) fault(`--${name} wants ${known.value} after it`)
  else if (!known.value && value !== undefined) fault(`--${name} takes no value, so not ${value}`)
  else values.set(name, value ?? '')
}

interface Bounds {
  readonly min: number
  readonly max: number
  readonly integer?: boolean
}

/** Returns a number within bounds, or undefined if it is not given. */
function number(values: Values, name: OptionName, bounds: Bounds, fault: Fault): number | undefined {
  const text = values.get(name)
  if (text === undefined) return undefined
  const value = Number(text)
  const fits =
    text.trim() !== '' &&
    value >= bounds.min &&
    value <= bounds.max &&
    (!bounds.integer || Number.isInteger(value))
  if (fits) return value
  const kind = bounds.integer ? 'a whole number' : 'a number'
  fault(`--${name} must be ${kind} from ${bounds.min} to ${bounds.max}, not ${text || 'nothing'}`)
  return undefined
}

function access(values: Values, fault: Fault): Options['access'] {
  const [accessId, accessKey] = [values.get('access-id'), values.get('access-key')]
  if (accessId === undefined && accessKey === undefined) return undefined
  if (!accessId || accessId.includes(':'))
    fault('--access-id must be given with --access-key, and hold no colon')
  if (!accessKey) fault('--access-key must be given with --access-id')
  return accessId && accessKey ? { accessId, accessKey } : undefined
}

/** Adds a fault for options that contradict each other, or the token of a real account. */
function refuseContradictions(values: Values, realAccount: boolean, fault: Fault): void {
  const given = (names: readonly OptionName[]) => names.filter(name => values.has(name))
  const simulated = given(['seed', 'days', 'events'])
  if (values.has('events')) {
    for (const name of given(['seed', 'days']))
      fault(`--${name} is of a made-up history, and --events serves files: leave one out`)
  }
  if (values.has('no-account')) {
    for (const name of simulated) fault(`--${name} is of the simulated account: leave --no-account or it out`)
  } else if (realAccount) {
    for (const name of simulated)
      fault(`--${name} is of the simulated account: leave it out, or unset OP_EVENTS_TOKEN`)
  }
}

/** Reads the command line. `realAccount`: a token of a real account is given. Throws UsageError. */
export function parseOptions(argv: readonly string[], realAccount: boolean): Options {
  const faults: string[] = []
  const fault: Fault = text => faults.push(text)
  const { values, files } = read(argv, fault)
  const help = values.has('help')
  refuseContradictions(values, realAccount, fault)
  const fixed = access(values, fault)
  const days = number(values, 'days', { min: 1, max: MAX_DAYS, integer: true }, fault)
  const seed = values.get('seed')
  const options: Options = {
    help,
    once: values.has('once'),
    dataDir: values.get('data') ?? '.local',
    port: number(values, 'port', { min: 0, max: 65_535, integer: true }, fault) ?? DEFAULT_PORT,
    speed: number(values, 'speed', { min: 0.01, max: MAX_SPEED }, fault) ?? 1,
    ...(seed !== undefined && { seed }),
    ...(days !== undefined && { days }),
    eventFiles: files,
    account: !values.has('no-account'),
    ...(fixed && { access: fixed }),
  }
  if (faults.length > 0 && !help) throw new UsageError(faults.join('\n'))
  return options
}
