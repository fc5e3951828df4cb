import { parseArgs } from 'node:util'

const HOUR_MS = 3600_000
const DEFAULT_HOURS = 24
/** A year. */
const MAX_HOURS = 8760

/** Where the key is kept: a secret in AWS, or a data directory of the local stage. */
export type KeyPlace = { readonly secretId: string } | { readonly dataDir: string }

export type CommandLine =
  | { readonly command: 'help' }
  | { readonly command: 'show'; readonly place: KeyPlace; readonly reveal: boolean }
  | { readonly command: 'rotate'; readonly place: KeyPlace; readonly keepMs: number }

/** A command line that cannot be followed. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const OPTIONS = {
  'keep-old': { type: 'string' },
  data: { type: 'string' },
  secret: { type: 'string' },
  reveal: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

type Values = ReturnType<typeof parsed>['values']

function placeOf({ data, secret }: Values): KeyPlace {
  if (data !== undefined && secret !== undefined) {
    throw new UsageError('--data is a local stage and --secret a deployed one: leave one out.')
  }
  if (data === '' || secret === '') throw new UsageError('--data and --secret must not be empty.')
  return secret === undefined ? { dataDir: data ?? '.local' } : { secretId: secret }
}

function keepMsOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_HOURS * HOUR_MS
  const hours = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && hours <= MAX_HOURS) return hours * HOUR_MS
  throw new UsageError(`--keep-old must be a number of hours from 0 to ${MAX_HOURS}, not "${text}".`)
}

function refuse(values: Values, names: readonly (keyof Values)[], command: string): void {
  const given = names.find(name => values[name] !== undefined)
  if (given) throw new UsageError(`--${given} does not belong to ${command}.`)
}

/** Reads the command line. Throws UsageError. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { values, positionals } = parsed(argv)
  const [command, ...rest] = positionals
  if (values.help) return { command: 'help' }
  if (rest.length > 0) throw new UsageError(`"${rest.join(' ')}" belongs to no option.`)
  if (command === 'show') {
    refuse(values, ['keep-old'], 'show')
    return { command, place: placeOf(values), reveal: values.reveal ?? false }
  }
  if (command === 'rotate') {
    refuse(values, ['reveal'], 'rotate')
    return { command, place: placeOf(values), keepMs: keepMsOf(values['keep-old']) }
  }
  throw new UsageError(`Say rotate or show${command === undefined ? '' : `, not ${command}`}.`)
}

export const HELP = `The access key of the admin URL.

  npm run access-key -- rotate [--keep-old HOURS] [--data DIR | --secret ARN]
      Makes a new access id and key. The old pair stays valid for HOURS (default ${DEFAULT_HOURS}; 0: it ends
      as soon as the functions have read the new one, within a minute).
      The new key is not printed: it is where the old one was.

  npm run access-key -- show [--reveal] [--data DIR | --secret ARN]
      Tells the access ids and how long they are valid; with --reveal the keys too.

  --data DIR     of a local stage, running or not. Default: .local
  --secret ARN   of a deployed stack: its output AccessKeySecretArn. Credentials and region as for the AWS CLI; they must
                 allow secretsmanager:GetSecretValue, PutSecretValue and UpdateSecretVersionStage on it.

Functions notice a new key at its first use, or five seconds later. Only one old key is kept: rotating twice ends the one before.
`
