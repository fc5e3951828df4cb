import { parseJson } from '../failure/parse-json.ts'

/** A token is sent as a header value: printable ASCII without white space. */
const SENDABLE = /^[\x21-\x7e]+$/

const QUOTED = /^(["'`])(.*)\1$/s

/** These begin a JSON text or a quoted one. No token of 1Password begins so. */
const WRAPPED = /^[{["'`]/

/** What JSON begins with, if a token can be in it. */
const JSON_BEGIN = /^[{["]/

/** How deep a token may be wrapped: JSON in a JSON string, for example. */
const MOST_WRAPPINGS = 3

/** Returns the only string of a JSON text, or the text within quotes. Returns undefined if the text is neither. */
function unwrap(text: string): string | undefined {
  const json = JSON_BEGIN.test(text) ? parseJson(text) : undefined
  if (typeof json === 'string') return json
  const [only, ...others] = Object.values(json ?? {})
  if (typeof only === 'string' && others.length === 0) return only
  return QUOTED.exec(text)?.[2]
}

/**
 * Reads the token in the value of a secret. People write it there by hand: with a line break at its end, in quotes, or as
 * `{"api_token":"…"}`, which the AWS console makes of it. Returns undefined if the value holds no token.
 */
export function parseStoredToken(stored: string): string | undefined {
  let text = stored.trim()
  for (let count = 0; count < MOST_WRAPPINGS; count++) {
    const inner = unwrap(text)
    if (inner === undefined) break
    text = inner.trim()
  }
  return SENDABLE.test(text) && !WRAPPED.test(text) ? text : undefined
}
