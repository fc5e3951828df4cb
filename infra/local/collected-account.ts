import type { Api } from '../../shared/contract/apis.ts'

/** The 1Password account that the stage's own source is registered for. */
export interface CollectedAccount {
  /** Name of its source. */
  readonly sourceName: string
  /** What a person is shown of it. */
  readonly description: string
  readonly baseUrl: string
  readonly token: string
  readonly apis: readonly Api[]
  /** RFC 3339, whole seconds. @default - as the admin API chooses */
  readonly startTime?: string
  /** Added to its events. @default - none */
  readonly fields?: Readonly<Record<string, string>>
  close(): Promise<void>
}
