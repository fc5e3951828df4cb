import { parseArgs } from 'node:util'

/** A wrong command line. The message has one sentence for each fault, which says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface Option {
  /** The word for the value in help texts, e.g. `PORT`. An option without it is a flag. */
  readonly value?: string
  readonly text: string
  /** A second name, of one letter. */
  readonly short?: string
  /** The option may be given more than once. */
  readonly many?: true
}

export type OptionTable = Readonly<Record<string, Option>>

export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends { many: true }
    ? readonly string[]
    : Table[Name] extends { value: string }
      ? string | undefined
      : boolean
}

/** Collects faults, so that one error can name all of them. */
export interface Faults {
  add(sentence: string): void
  /** Throws UsageError. */
  throwIfAny(): void
}

interface ParsedOptions<Table extends OptionTable> {
  readonly values: OptionValues<Table>
  /** Words that are no option and no value of one, in their order. */
  readonly words: readonly string[]
  readonly faults: Faults
}

export const HELP_OPTION = { short: 'h', text: 'Print this text.' } as const satisfies Option

export function createFaults(): Faults {
  const sentences: string[] = []
  return {
    add: sentence => void sentences.push(sentence),
    throwIfAny() {
      if (sentences.length > 0) throw new UsageError(sentences.join('\n'))
    },
  }
}

interface Token {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
}

function findOption(table: OptionTable, name: string): Option | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

/**
 * Drops options whose value is missing. `--data --port 0` has no value for `--data`: the next word is an option, unless
 * it is written as `--data=--port`.
 */
function dropValueless(argv: readonly string[], table: OptionTable, faults: Faults): string[] {
  return argv.filter((word, at) => {
    const next = argv[at + 1]
    const value = word.startsWith('--') ? findOption(table, word.slice(2))?.value : undefined
    const isValueless = value !== undefined && next?.startsWith('--') === true
    if (isValueless) {
      faults.add(`${word} wants ${value} after it, not ${next}; if that is meant, write ${word}=${next}.`)
    }
    return !isValueless
  })
}

/** Returns what is wrong with one option, or undefined if nothing is. */
function findFault(table: OptionTable, { name, rawName, value }: Token): string | undefined {
  const option = findOption(table, name)
  const names = Object.keys(table).map(each => `--${each}`)
  if (!option) return `${rawName} is no option; the options are ${names.join(', ')}.`
  if (option.value !== undefined && value === undefined) return `--${name} wants ${option.value} after it.`
  if (option.value === undefined && value !== undefined) return `--${name} takes no value, so not ${value}.`
  return undefined
}

function tokenize(argv: readonly string[], table: OptionTable) {
  const options = Object.entries(table).map(([name, { value, short }]) => [
    name,
    { type: value === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) } as const,
  ])
  return parseArgs({
    args: [...argv],
    options: Object.fromEntries(options),
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens
}

/** Makes the values of all options of the table. An option that was not given is undefined, false or []. */
function toValues<Table extends OptionTable>(table: Table, given: ReadonlyMap<string, readonly string[]>) {
  const values = Object.entries<Option>(table).map(([name, { value, many }]) => {
    const all = given.get(name)
    if (many) return [name, all ?? []]
    return [name, value === undefined ? all !== undefined : all?.at(-1)]
  })
  return Object.fromEntries(values) as OptionValues<Table>
}

/** A part of a command line: a word that is no option and no value of one, or an option with its value. */
type CommandLinePart = { readonly word: string } | { readonly name: string; readonly value: string }

/** Reads the parts of a command line, in their order. Leaves out options with a fault, and adds their faults. */
export function readParts(argv: readonly string[], table: OptionTable, faults: Faults): CommandLinePart[] {
  return tokenize(dropValueless(argv, table, faults), table).flatMap((token): CommandLinePart[] => {
    if (token.kind === 'positional') return [{ word: token.value }]
    if (token.kind !== 'option') return []
    const fault = findFault(table, token)
    if (fault === undefined) return [{ name: token.name, value: token.value ?? '' }]
    faults.add(fault)
    return []
  })
}

/** Reads the options of a command line. Throws nothing: the caller reads the values, then lets `faults` throw. */
export function parseOptions<const Table extends OptionTable>(
  argv: readonly string[],
  table: Table,
): ParsedOptions<Table> {
  const faults = createFaults()
  const given = new Map<string, string[]>()
  const words: string[] = []
  for (const part of readParts(argv, table, faults)) {
    if ('word' in part) words.push(part.word)
    else given.set(part.name, [...(given.get(part.name) ?? []), part.value])
  }
  return { values: toValues(table, given), words, faults }
}

/** Adds a fault for words that belong to no option. */
export function refuseWords(words: readonly string[], faults: Faults): void {
  if (words.length > 0) faults.add(`"${words.join(' ')}" belongs to no option.`)
}

interface NumberBounds {
  readonly min: number
  /** @default there is no upper bound */
  readonly max?: number
  /** @default 'a whole number' */
  readonly kind?: 'a whole number' | 'a number of hours'
}

/**
 * Reads the number that an option has as its value. If it is not a number within the bounds, adds a fault and returns
 * undefined.
 */
export function readNumber(
  option: string,
  text: string,
  { min, max, kind = 'a whole number' }: NumberBounds,
  faults: Faults,
): number | undefined {
  const value = Number(text)
  const isNumber = kind === 'a whole number' ? /^\d+$/.test(text) : /^\d+(\.\d+)?$/.test(text)
  if (isNumber && value >= min && value <= (max ?? Number.MAX_SAFE_INTEGER)) return value
  const range = max === undefined ? `from ${min} on` : `from ${min} to ${max}`
  faults.add(`--${option} must be ${kind} ${range}, not "${text}".`)
  return undefined
}
