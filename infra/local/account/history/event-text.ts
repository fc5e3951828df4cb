import type { Version } from '../events-api/event-stream.ts'

/** What v2 added to v1 (reference §2). */
const V2_MEMBERS = new Set([
  'account_uuid',
  'actor_type',
  'actor_account_uuid',
  'user_type',
  'user_account_uuid',
])

const withoutV2 = (name: string, value: unknown): unknown => (V2_MEMBERS.has(name) ? undefined : value)

const unicodeEscape = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

// Go, which the service is written in, escapes these even inside strings.
const GO_ESCAPED = /[<>&\u2028\u2029]/g
const NOT_ASCII = /[\u0080-\uffff]/g

/** The event as JSON text. `ascii` writes every other character as an escape, which means the same. */
export function eventText(event: object, version: Version, ascii: boolean): string {
  const text = version === 2 ? JSON.stringify(event) : JSON.stringify(event, withoutV2)
  const escaped = text.replace(GO_ESCAPED, unicodeEscape)
  return ascii ? escaped.replace(NOT_ASCII, unicodeEscape) : escaped
}
