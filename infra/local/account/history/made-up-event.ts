import type { Version } from '../events-api/event-stream.ts'
import type { Random } from '../random.ts'
import type { World } from './world.ts'

export interface EventContext {
  readonly world: World
  readonly random: Random
  readonly atMs: number
  readonly uuid: string
  /** As it will be written, with 0 to 9 decimals. */
  readonly timestamp: string
}

/** One thing that can happen in an account. */
export interface EventKind {
  /** How often it happens, compared with the other kinds of its feature. */
  readonly weight: number
  /** Makes an event with its v2 members. */
  build(context: EventContext): object
}

/** What v2 added to v1 (docs/reference/events-api.md, "Endpoints"). */
const V2_MEMBERS = new Set([
  'account_uuid',
  'actor_type',
  'actor_account_uuid',
  'user_type',
  'user_account_uuid',
])

const withoutV2Members = (name: string, value: unknown): unknown => (V2_MEMBERS.has(name) ? undefined : value)

const unicodeEscape = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

// The service is written in Go, which escapes these even inside strings.
const GO_ESCAPED = /[<>&\u2028\u2029]/g
const NOT_ASCII = /[\u0080-\uffff]/g

/** Writes an event as JSON. With `ascii` every character outside ASCII is an escape. */
export function writeEvent(event: object, { version, ascii }: { version: Version; ascii: boolean }): string {
  const text = version === 2 ? JSON.stringify(event) : JSON.stringify(event, withoutV2Members)
  const escaped = text.replace(GO_ESCAPED, unicodeEscape)
  return ascii ? escaped.replace(NOT_ASCII, unicodeEscape) : escaped
}
