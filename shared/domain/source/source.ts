import type { Api } from '../../contract/apis.ts'

/** Metadata that a user adds to events. Only `_siemForward` is a boolean. */
export type Fields = Readonly<Record<string, string | boolean>>

/** The events go to the lake alone. */
export interface LakeDestination {
  readonly type: 'lake'
}

/** What a processing rule does with an event that its expression matches (docs/use.md, "Processing rules"). */
export type RuleType = 'Exclude' | 'Include' | 'Mask' | 'Hash'

/** A processing rule as the user wrote it. */
export interface ProcessingRule {
  readonly filterType: RuleType
  /** Unique in its source. */
  readonly name: string
  /** In the syntax of RE2. */
  readonly regexp: string
  /** What stands in the place of what was masked. Only for Mask. @default '#' */
  readonly mask?: string
}

/** The events go to a Sumo Logic HTTP Source. */
export interface SumoLogicDestination {
  readonly type: 'sumologic'
  /** Whether the events are in the lake, too. */
  readonly lake: boolean
  /** The name of the secret with the URL, behind the prefix of the stack. */
  readonly secret: string
}

/** A destination beside the lake. Its URL or token lies in a secret. */
export type OutsideDestination = SumoLogicDestination

/** Where a collector's events go. */
export type DestinationSetting = LakeDestination | OutsideDestination

export interface Collector {
  readonly schema: 1
  readonly id: number
  /** Grows with every write. A conditional write names the version that it expects. */
  readonly version: number
  readonly name: string
  readonly description?: string
  readonly category?: string
  readonly timeZone?: string
  readonly destination: DestinationSetting
  readonly fields: Fields
  readonly createdAt: string
}

/** One 1Password account's configuration, without its token. */
export interface Source {
  readonly schema: 1
  readonly id: number
  readonly collectorId: number
  /**
   * Grows with every update, restart and delete. A conditional write expects it, and a task begins anew when it
   * grows.
   */
  readonly version: number
  readonly name: string
  readonly description?: string
  readonly category?: string
  readonly fields: Fields
  /**
   * Origin of the Events API, e.g. https://events.1password.com; `baseUrl` as the user wrote it is
   * `configuredBaseUrl`.
   */
  readonly baseUrl: string
  readonly configuredBaseUrl: string
  readonly apis: readonly Api[]
  /**
   * Which version of its secret holds the token: written before the source, so one write changes both. Empty in a source
   * that was written before versions were named: the current one.
   */
  readonly tokenVersion: string
  /** The source is being deleted: nothing is collected any more. */
  readonly stopping?: true
  /** Start of the first window: UTC, whole seconds, Z. */
  readonly startTime: string
  /** The processing rules, in the order of the user. Absent if there never were any. */
  readonly filters?: readonly ProcessingRule[]
  /**
   * A random text, made once, when the source gets its first processing rules. Marks of changed events are computed with it, so
   * that nobody who reads the lake can find a masked value by trying.
   */
  readonly markSalt?: string
  readonly createdAt: string
}

/** The fields that events may carry (docs/reference/management-api.md, "Fields"), all in one item. */
export interface FieldSchema {
  readonly schema: 1
  /** What a conditional write expects; 0 before the first. */
  readonly version: number
  /** By name. Ids are 16 hex digits. */
  readonly fields: Readonly<Record<string, { readonly id: string; readonly enabled: boolean }>>
}

export interface RegisteredSource {
  readonly collector: Collector
  readonly source: Source
}

/** A source with everything that decides what is added to its events. */
export interface DescribedSource extends RegisteredSource {
  readonly fieldSchema: FieldSchema
}
