import { parseArgs } from 'node:util'

export interface CommandLine {
  readonly port: number
  readonly seed: string
  readonly days: number
  readonly eventsPerDay?: number
  readonly eventFiles: readonly string[]
  readonly token?: string
  readonly help: boolean
}

const MAX_DAYS = 120

const OPTIONS = {
  port: { type: 'string' },
  seed: { type: 'string' },
  days: { type: 'string' },
  'events-per-day': { type: 'string' },
  events: { type: 'string', multiple: true },
  token: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** What is wrong with the command line, in a sentence that names the option. */
export class WrongOption extends Error {
  override readonly name = 'WrongOption'
}

function numberOf(option: string, text: string | undefined, most: number, otherwise: number): number {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (!/^\d+$/.test(text) || value > most) {
    throw new WrongOption(`--${option} must be a whole number from 0 to ${most}, not "${text}".`)
  }
  return value
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new WrongOption(error instanceof Error ? error.message : String(error))
  }
}

/** The options of `npm run account`. Throws WrongOption. */
export function readOptions(argv: readonly string[]): CommandLine {
  const { values, positionals } = parsed(argv)
  const { events } = values
  if (positionals.length > 0 && !events) {
    throw new WrongOption(`"${positionals[0]}" belongs to no option; files of events follow --events.`)
  }
  if (values.token === '') throw new WrongOption('--token must not be empty.')
  const perDay = values['events-per-day']
  return {
    port: numberOf('port', values.port, 65_535, 8788),
    seed: values.seed ?? '1',
    days: numberOf('days', values.days, MAX_DAYS, 30),
    eventFiles: [...(events ?? []), ...positionals],
    help: values.help ?? false,
    ...(perDay === undefined ? {} : { eventsPerDay: numberOf('events-per-day', perDay, 10_000_000, 0) }),
    ...(values.token === undefined ? {} : { token: values.token }),
  }
}
