import { parseArgs } from 'node:util'
import { FAULT_NAMES, type Fault } from './faults.ts'

export interface CommandLine {
  /** The first; the others follow it. */
  readonly seed: number
  readonly seeds: number
  readonly days: number
  readonly faults: readonly Fault[]
  /** The faults were named: every seed has all of them, all the time. */
  readonly steady: boolean
  readonly json: boolean
  readonly help: boolean
}

const OPTIONS = {
  seeds: { type: 'string' },
  days: { type: 'string' },
  seed: { type: 'string' },
  faults: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

export const HELP = `npm run simulate -- [options]

Lets many virtual days pass, in which things go wrong, and looks whether an event is lost or doubled, or another invariant is broken.

  --seeds N       so many worlds (default 100, with --seed 1)
  --seed S        the first of them, a number (default 1)
  --days D        days with faults in each, before some quiet hours (default 2)
  --faults LIST   these faults, all of them and all the time, separated by commas; "none" for none
                  (default: each seed has some of all, in storms)
  --json          one object instead of the text
  --help          this text

Faults: ${FAULT_NAMES.join(', ')}
`

/** What is wrong with the command line. Recognise it by its name. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

function numberOf(option: string, text: string | undefined, otherwise: number, least: number): number {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new UsageError(`--${option} must be a whole number from ${least} on, not "${text}".`)
}

function faultsOf(list: string | undefined): readonly Fault[] {
  if (list === undefined) return FAULT_NAMES
  if (list === 'none') return []
  return list.split(',').map(name => {
    const fault = FAULT_NAMES.find(each => each === name)
    if (fault) return fault
    throw new UsageError(`--faults: "${name}" is none of ${FAULT_NAMES.join(', ')}.`)
  })
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** Throws UsageError. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { seed, seeds, days, faults, json, help } = parsed(argv)
  return {
    seed: numberOf('seed', seed, 1, 0),
    seeds: numberOf('seeds', seeds, seed === undefined ? 100 : 1, 1),
    days: numberOf('days', days, 2, 1),
    faults: faultsOf(faults),
    steady: faults !== undefined,
    json,
    help,
  }
}
