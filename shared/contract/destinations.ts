/** The kinds of destinations beside the lake. A deployment has the rights for those that its settings name. */
export const DESTINATION_KINDS = ['sumologic'] as const

export type DestinationKind = (typeof DESTINATION_KINDS)[number]

/** What a user calls them. */
export const DESTINATION_TITLES: Readonly<Record<DestinationKind, string>> = { sumologic: 'Sumo Logic' }

/** Without TLS, for a destination on the same machine: the local stage and tests allow it. */
export const LOOPBACK_ORIGIN = 'http://127.0.0.1'
