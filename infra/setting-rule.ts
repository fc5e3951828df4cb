/** Parses the value of one setting. */
export interface SettingRule<T> {
  /** Completes "it must be …". */
  readonly must: string
  /** Returns undefined if the value is wrong. */
  parse(value: unknown): T | undefined
}

/** A whole number. `-c` gives it as a string of digits. */
export function integer(least: number, most: number): SettingRule<number> {
  return {
    must: `a whole number from ${least} to ${most}`,
    parse(value) {
      const number = parseWholeNumber(value)
      return number !== undefined && number >= least && number <= most ? number : undefined
    },
  }
}

export function oneOf<const T extends string | number>(values: readonly T[]): SettingRule<T> {
  return {
    must: `one of ${values.join(', ')}`,
    parse: value =>
      values.find(each => each === value || (typeof value === 'string' && String(each) === value)),
  }
}

export function matching(pattern: RegExp, must: string): SettingRule<string> {
  return {
    must,
    parse: value => (typeof value === 'string' && pattern.test(value) ? value : undefined),
  }
}

/** Any port of this address is allowed, to try out a simulated account on the same machine. */
const LOOPBACK = 'http://127.0.0.1'
const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/

export const hosts: SettingRule<readonly string[]> = {
  must: `a list of host names without scheme, port and path (or ${LOOPBACK}), as an array or separated by commas`,
  parse(value) {
    const entries = typeof value === 'string' ? value.split(',').filter(entry => entry.trim() !== '') : value
    if (!Array.isArray(entries)) return undefined
    const parsed = entries.map(parseHost)
    return parsed.every(entry => entry !== undefined) ? parsed : undefined
  },
}

/** Some of these words, each once. */
export function someOf<const T extends string>(words: readonly T[]): SettingRule<readonly T[]> {
  return {
    must: `a list of some of ${words.join(', ')}, as an array or separated by commas`,
    parse(value) {
      const entries = typeof value === 'string' ? value.split(',').map(entry => entry.trim()) : value
      if (!Array.isArray(entries)) return undefined
      const given = entries.filter(entry => entry !== '')
      const known = words.filter(word => given.includes(word))
      return known.length === new Set(given).size ? known : undefined
    },
  }
}

function parseHost(entry: unknown): string | undefined {
  if (typeof entry !== 'string') return undefined
  const name = entry.trim().toLowerCase()
  return name === LOOPBACK || HOST.test(name) ? name : undefined
}

function parseWholeNumber(value: unknown): number | undefined {
  if (typeof value === 'string' && /^\d{1,9}$/.test(value)) return Number(value)
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined
}
