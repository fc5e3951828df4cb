import { parseJson } from './parse-json.ts'

interface ErrorBody {
  readonly Error?: { readonly Message?: unknown } | null
  readonly status?: unknown
  readonly message?: unknown
}

/** The two forms of the API's errors (docs/reference/events-api.md, "Errors and rate limits"). */
function isErrorBody(text: string): boolean {
  const { Error: error, status, message } = (parseJson(text) ?? {}) as ErrorBody
  return typeof error?.Message === 'string' || (status !== undefined && typeof message === 'string')
}

/**
 * Whether the API itself has answered so. A firewall or a proxy may answer in its place, with any status, and says
 * nothing of the token or the host.
 */
export const isOwnAnswer = (status: number, body: string): boolean =>
  isErrorBody(body) || (status === 404 && body.trim() === '404 page not found')

/** Whether the API itself refuses a token. */
export const isTokenRefusal = (status: number, body: string): boolean =>
  (status === 401 || status === 403) && isOwnAnswer(status, body)
