/** The lists that rules ask. All of them are settings. */
export type ListName =
  | 'privilegedGroups'
  | 'privilegedVaults'
  | 'sensitiveItems'
  | 'blockedCountries'
  | 'knownClients'

/** Entries in lower case. */
export type DetectionLists = Readonly<Record<ListName, ReadonlySet<string>>>

/** A rule whose list is empty is silent, apart from the known clients: an empty list of those knows none. */
export const DEFAULT_LISTS: Readonly<Record<ListName, readonly string[]>> = {
  privilegedGroups: [],
  privilegedVaults: [],
  sensitiveItems: [],
  blockedCountries: [],
  knownClients: [
    '1Password Browser Extension',
    '1Password CLI',
    '1Password Extension',
    '1Password for Android',
    '1Password for Linux',
    '1Password for Mac',
    '1Password for Web',
    '1Password for Windows',
    '1Password for iOS',
    '1Password SCIM Bridge',
    '1Password SDK',
  ],
}

/** Makes the lists from settings. A list that is not given has its default. */
export function createLists(
  given: Partial<Readonly<Record<ListName, readonly string[]>>> = {},
): DetectionLists {
  const lower = (name: ListName): ReadonlySet<string> =>
    new Set((given[name] ?? DEFAULT_LISTS[name]).map(entry => entry.trim().toLowerCase()))
  return {
    privilegedGroups: lower('privilegedGroups'),
    privilegedVaults: lower('privilegedVaults'),
    sensitiveItems: lower('sensitiveItems'),
    blockedCountries: lower('blockedCountries'),
    knownClients: lower('knownClients'),
  }
}
