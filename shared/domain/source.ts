import type { Api } from '../contract/apis.ts'

/** Metadata a user adds to events; `_siemForward` is the one boolean. */
export type Fields = Readonly<Record<string, string | boolean>>

export interface Collector {
  readonly schema: 1
  readonly id: number
  readonly name: string
  readonly description?: string
  readonly category?: string
  readonly timeZone?: string
  readonly fields: Fields
  readonly createdAt: string
}

/** One 1Password account's configuration, without its token. */
export interface Source {
  readonly schema: 1
  readonly id: number
  readonly collectorId: number
  /** Grows with every update and restart: what was checked for an older version is checked again. */
  readonly version: number
  readonly name: string
  readonly description?: string
  readonly category?: string
  readonly fields: Fields
  /** Origin of the Events API, e.g. https://events.1password.com; `baseUrl` as the user wrote it is `configuredBaseUrl`. */
  readonly baseUrl: string
  readonly configuredBaseUrl: string
  readonly apis: readonly Api[]
  /** Start of the first window: UTC, whole seconds, Z. */
  readonly startTime: string
  readonly createdAt: string
}

export interface RegisteredSource {
  readonly collector: Collector
  readonly source: Source
}
