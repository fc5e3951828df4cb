import { parseJson } from './parse-json.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Whether the body of an error is the API's own (docs/reference/events-api.md, "Errors and rate limits"), in one of its
 * two forms. Everything else was answered by a proxy or a firewall, and says nothing of the cursor, the token or the host.
 */
export function isOwnError(body: string): boolean {
  const value = parseJson(body)
  if (!isObject(value)) return false
  const { Error: error, status, message } = value
  if (isObject(error) && typeof error['Message'] === 'string') return true
  return typeof status === 'number' && typeof message === 'string'
}

/** Whether the API itself has answered so: with an error of its own, or with its text for a path that it does not have. */
export const isOwnAnswer = (status: number, body: string): boolean =>
  isOwnError(body) || (status === 404 && body.trim() === '404 page not found')

/** Whether the API itself refuses a token. */
export const isTokenRefusal = (status: number, body: string): boolean =>
  (status === 401 || status === 403) && isOwnAnswer(status, body)
