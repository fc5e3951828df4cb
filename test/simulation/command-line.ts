import { formatHelp } from '../../infra/command-line/help.ts'
import {
  type Faults,
  HELP_OPTION,
  parseOptions,
  readNumber,
  refuseWords,
} from '../../infra/command-line/options.ts'
import { FAULT_NAMES, type Fault } from './faults.ts'

export interface CommandLine {
  /** The first seed. The others follow it. */
  readonly seed: number
  readonly seeds: number
  readonly days: number
  readonly faults: readonly Fault[]
  /** Whether the user named the faults. Then every seed has all of them, all the time. */
  readonly steady: boolean
  readonly json: boolean
  readonly help: boolean
}

const OPTIONS = {
  seeds: { value: 'N', text: 'The number of worlds. Default: 100, or 1 with --seed' },
  seed: { value: 'S', text: 'The seed of the first world, a number. Default: 1' },
  days: { value: 'D', text: 'Days with faults in each world. Some quiet hours follow. Default: 2' },
  faults: {
    value: 'LIST',
    text: 'The faults, separated by commas, or "none". Every world then has all of them, all the time. Default: each world has some faults, in storms',
  },
  json: { text: 'Print one JSON object instead of the text.' },
  help: HELP_OPTION,
} as const

export const HELP = formatHelp({
  purpose:
    'Lets many virtual days pass in which things go wrong. Checks that no event is lost or doubled, and that no other invariant is broken.',
  usages: [{ line: 'npm run simulate -- [options]' }],
  options: OPTIONS,
  notes: [`Faults: ${FAULT_NAMES.join(', ')}`],
})

function readFrom(least: number, option: string, text: string | undefined, usual: number, faults: Faults) {
  return (text === undefined ? undefined : readNumber(option, text, { min: least }, faults)) ?? usual
}

function readFaultNames(list: string | undefined, faults: Faults): readonly Fault[] {
  if (list === undefined) return FAULT_NAMES
  if (list === 'none') return []
  return list.split(',').flatMap(name => {
    const fault = FAULT_NAMES.find(each => each === name)
    if (!fault) faults.add(`--faults: "${name}" is none of ${FAULT_NAMES.join(', ')}.`)
    return fault ?? []
  })
}

/** Reads the command line. Throws UsageError. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { values, words, faults } = parseOptions(argv, OPTIONS)
  const { seed, seeds, days, json, help } = values
  refuseWords(words, faults)
  const line = {
    seed: readFrom(0, 'seed', seed, 1, faults),
    seeds: readFrom(1, 'seeds', seeds, seed === undefined ? 100 : 1, faults),
    days: readFrom(1, 'days', days, 2, faults),
    faults: readFaultNames(values.faults, faults),
    steady: values.faults !== undefined,
    json,
    help,
  }
  if (!help) faults.throwIfAny()
  return line
}
