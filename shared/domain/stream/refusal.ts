import { parseJson } from '../failure/parse-json.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Whether the body of an error is the API's own (docs/reference/events-api.md, "Errors and rate limits"), in one of its
 * two forms. Everything else was answered by a proxy or a firewall, and says nothing of a cursor.
 */
export function isOwnError(body: string): boolean {
  const value = parseJson(body)
  if (!isObject(value)) return false
  const { Error: error, status, message } = value
  if (isObject(error) && typeof error['Message'] === 'string') return true
  return typeof status === 'number' && typeof message === 'string'
}
