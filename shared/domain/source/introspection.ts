import { MAX_ITEM_TEXT } from '../../contract/limits.ts'
import { createFailure } from '../failure/failure.ts'
import { parseJson } from '../failure/parse-json.ts'

/** What a token is asked about, with GET. */
export const INTROSPECTION_PATH = '/api/v2/auth/introspect'

export interface Introspection {
  readonly features: readonly string[]
  /** Not given by older versions of the API. */
  readonly accountUuid: string | undefined
}

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(text => typeof text === 'string')

/** A longer text is no uuid: it goes into the task. */
const isUuid = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_ITEM_TEXT

interface Answer {
  readonly features?: unknown
  readonly account_uuid?: unknown
}

/**
 * Reads what a token may do and whose it is, from GET /api/v2/auth/introspect (docs/reference/events-api.md, "Token
 * and introspection"). Throws RunFailure.
 */
export function readIntrospection(body: Uint8Array): Introspection {
  const { features, account_uuid: account } = (parseJson(new TextDecoder().decode(body)) ?? {}) as Answer
  if (isTextList(features)) return { features, accountUuid: isUuid(account) ? account : undefined }
  throw createFailure({ kind: 'malformed', wanted: 'an introspection', why: 'no list of features' })
}
