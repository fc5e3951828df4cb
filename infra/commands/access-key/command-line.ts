import { formatHelp } from '../../command-line/help.ts'
import {
  type Faults,
  HELP_OPTION,
  type OptionValues,
  parseOptions,
  readNumber,
  refuseWords,
  UsageError,
} from '../../command-line/options.ts'

const HOUR_MS = 3600_000
const DEFAULT_HOURS = 24
const HOURS_PER_YEAR = 8760

/** Where the key is kept: in a secret of AWS, or in a data directory of the local stage. */
export type KeyPlace = { readonly secretId: string } | { readonly dataDir: string }

type CommandLine =
  | { readonly command: 'help' }
  | { readonly command: 'show'; readonly place: KeyPlace; readonly reveal: boolean }
  | { readonly command: 'rotate'; readonly place: KeyPlace; readonly keepMs: number }

const OPTIONS = {
  'keep-old': {
    value: 'HOURS',
    text: `For rotate: how long the old pair stays valid. With 0 it ends as soon as the functions have read the new one, within a minute. Default: ${DEFAULT_HOURS}`,
  },
  reveal: { text: 'For show: print the keys too.' },
  data: { value: 'DIR', text: 'The data directory of a local stage, running or not. Default: .local' },
  secret: {
    value: 'ARN',
    text: 'A deployed stack instead: its output AccessKeySecretArn. Credentials and region are found as the AWS CLI finds them. They must allow secretsmanager:GetSecretValue, PutSecretValue and UpdateSecretVersionStage on the secret.',
  },
  help: HELP_OPTION,
} as const

type Values = OptionValues<typeof OPTIONS>

function readPlace({ data, secret }: Values, faults: Faults): KeyPlace {
  if (data !== undefined && secret !== undefined) {
    faults.add('--data is a local stage and --secret a deployed one: leave one out.')
  }
  if (data === '' || secret === '') faults.add('--data and --secret must not be empty.')
  return secret === undefined ? { dataDir: data ?? '.local' } : { secretId: secret }
}

function readKeepMs(text: string | undefined, faults: Faults): number {
  const bounds = { min: 0, max: HOURS_PER_YEAR, kind: 'a number of hours' } as const
  const hours = text === undefined ? DEFAULT_HOURS : readNumber('keep-old', text, bounds, faults)
  return (hours ?? DEFAULT_HOURS) * HOUR_MS
}

function readShow(values: Values, faults: Faults): CommandLine {
  if (values['keep-old'] !== undefined) faults.add('--keep-old does not belong to show.')
  return { command: 'show', place: readPlace(values, faults), reveal: values.reveal }
}

function readRotate(values: Values, faults: Faults): CommandLine {
  if (values.reveal) faults.add('--reveal does not belong to rotate.')
  const place = readPlace(values, faults)
  return { command: 'rotate', place, keepMs: readKeepMs(values['keep-old'], faults) }
}

/** Reads the command line. Throws UsageError. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { values, words, faults } = parseOptions(argv, OPTIONS)
  if (values.help) return { command: 'help' }
  const [command, ...rest] = words
  refuseWords(rest, faults)
  if (command !== 'show' && command !== 'rotate') {
    throw new UsageError(`Say rotate or show${command === undefined ? '' : `, not ${command}`}.`)
  }
  const line = command === 'show' ? readShow(values, faults) : readRotate(values, faults)
  faults.throwIfAny()
  return line
}

export const HELP = formatHelp({
  purpose: 'Shows or replaces the access key of the admin URL.',
  usages: [
    {
      line: 'npm run access-key -- show [options]',
      text: 'Prints the access ids and how long they are valid.',
    },
    {
      line: 'npm run access-key -- rotate [options]',
      text: 'Makes a new access id and key. The old pair stays valid for a while. The new key is not printed: it is kept where the old one was.',
    },
  ],
  options: OPTIONS,
  notes: [
    'Functions notice a new key at its first use, or five seconds later. Only one old key is kept: the second rotation ends the key before the first.',
  ],
})
