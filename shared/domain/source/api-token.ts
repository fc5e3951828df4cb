import { memberOf, type RequestSection, refuse } from './request-section.ts'

/** What every answer shows in the token's place (reference/sumo-api §4.6). */
export const TOKEN_MASK = '********'

const MAX_LENGTH = 8192

/** It is sent as a header value. */
const SENDABLE = /^[\x21-\x7e]+$/

const ONLY_ASTERISKS = /^\*+$/

function checkToken(section: RequestSection, token: unknown): string | undefined {
  if (typeof token !== 'string') return refuse(section, 'api_token', 'must be a string')
  // Stored as if it were a token it would fail with 401 later.
  if (ONLY_ASTERISKS.test(token)) {
    return refuse(section, 'api_token', 'is the mask that answers show; give the token itself')
  }
  if (token.length > MAX_LENGTH) {
    return refuse(section, 'api_token', `must be at most ${MAX_LENGTH} characters long`)
  }
  if (SENDABLE.test(token)) return token
  return refuse(section, 'api_token', 'must be printable ASCII without spaces and line breaks')
}

/** The token of a new source. */
export function checkNewToken(section: RequestSection): string | undefined {
  const token = memberOf(section, 'api_token')
  if (token !== undefined && token !== '') return checkToken(section, token)
  return refuse(section, 'api_token', 'is required: the token that 1Password issued for Events Reporting')
}

/** The token that replaces a source's; undefined if the mask, or nothing, says that it keeps its own. */
export function checkReplacingToken(section: RequestSection): string | undefined {
  const token = memberOf(section, 'api_token')
  if (token === undefined || token === TOKEN_MASK) return undefined
  if (token !== '') return checkToken(section, token)
  return refuse(section, 'api_token', `is empty; give a token, or ${TOKEN_MASK} to keep the present one`)
}
