import type { Fields } from './source.ts'

/** docs/reference/management-api.md, "Fields". */
export const BUILTIN_NAMES = [
  '_collector',
  '_source',
  '_sourceCategory',
  '_sourceHost',
  '_sourceName',
] as const

/** The one field that is a boolean on the wire (docs/reference/management-api.md, "Source configuration"). */
export const SIEM_FORWARD = '_siemForward'

const SIEM_NAMES = ['_siemVendor', '_siemProduct', '_siemFormat', '_siemParser', '_siemEventID'] as const

/**
 * Names of fields that have the same key are one field. Athena's reader turns names into lower case, and it cannot take
 * a line that has a name twice (docs/decisions/athena-json-reader.md, "For queries").
 */
export const toFieldKey = (name: string): string => name.toLowerCase()

const OWN_SPELLINGS: ReadonlyMap<string, string> = new Map(
  [...BUILTIN_NAMES, SIEM_FORWARD, ...SIEM_NAMES].map(name => [toFieldKey(name), name]),
)

/** Returns the name as the service spells it, if it is a name of the service. */
export const toOwnSpelling = (name: string): string => OWN_SPELLINGS.get(toFieldKey(name)) ?? name

/** The service itself sets or reads these fields. Events carry them without an entry in the schema. */
export const isServiceField = (name: string): boolean =>
  toFieldKey(name).startsWith('_siem') || isBuiltin(name)

export const isBuiltin = (name: string): boolean =>
  BUILTIN_NAMES.some(builtin => toFieldKey(builtin) === toFieldKey(name))

type Entry = readonly [name: string, value: string | boolean]

/**
 * Older sources may have two names with one key. The name that sorts last wins, because a table returns the members of
 * a map in any order and all lines of a source shall be alike.
 */
function toEntriesByKey(fields: Fields): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>()
  for (const [name, value] of Object.entries(fields)) {
    const present = entries.get(toFieldKey(name))
    if (!present || present[0] < name) entries.set(toFieldKey(name), [name, value])
  }
  return entries
}

/** Returns the fields of all sets. Of one field in several sets, the last set decides value and spelling. */
export function mergeFields(...sets: readonly Fields[]): Fields {
  const merged = new Map(sets.flatMap(fields => [...toEntriesByKey(fields)]))
  return Object.fromEntries(Array.from(merged.values(), ([name, value]) => [toOwnSpelling(name), value]))
}
