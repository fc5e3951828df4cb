import type { Answer, Answers } from './operation.ts'
import { type Schema, schemaRef } from './schema.ts'

const ETAG = {
  ETag: {
    required: true,
    description: 'Changes with the configuration only, never with the state. Send it as If-Match with a PUT.',
    schema: { type: 'string', pattern: '^"[0-9a-f]{32}"$' },
  },
}

const RETRY_AFTER = {
  'Retry-After': {
    required: true,
    description: 'Seconds to wait.',
    schema: { type: 'string', pattern: '^[1-9][0-9]*$' },
  },
}

const content = (schema: Schema) => ({ 'application/json': { schema } })

export const plain = (description: string, schema: Schema): Answer => ({
  description,
  content: content(schema),
})

/** One entity, with its tag. */
export const tagged = (description: string, schema: Schema): Answer => ({
  ...plain(description, schema),
  headers: ETAG,
})

export const empty = (description: string): Answer => ({ description })

/** For GET of an entity. */
export const NOT_MODIFIED: Answers = {
  304: { description: 'The entity still has a tag that If-None-Match names. No body.', headers: ETAG },
}

const FAILURES = {
  400: 'The request is wrong: all its faults are named.',
  401: 'The credential is missing or wrong.',
  403: 'If-Match is missing or empty.',
  404: 'There is no such thing.',
  409: 'Others are changing the same again and again: repeat the request.',
  412: 'The entity has changed since If-Match was read: read it again.',
  413: 'The request body is larger than 256 KiB.',
  415: 'The request body is of another type than JSON.',
  429: 'More than 4 requests a second, or more than 10 at once, of one access id.',
  500: 'The service failed. The log has the same id.',
} as const

type Status = keyof typeof FAILURES

/** Every call may be answered so. */
const ALWAYS: readonly Status[] = [401, 429, 500]

/** What a request body adds. */
export const OF_BODY: readonly Status[] = [400, 413, 415]

type Style = 'Error' | 'ErrorList'

function failure(status: Status, style: Style): Answer {
  const answer = plain(FAILURES[status], schemaRef(style))
  return status === 429 ? { ...answer, headers: RETRY_AFTER } : answer
}

const STATUSES = Object.keys(FAILURES).map(Number) as readonly Status[]

/** By the names that `failures` and `listedFailures` refer to. */
export const FAILURE_ANSWERS: Readonly<Record<string, Answer>> = Object.fromEntries(
  (['Error', 'ErrorList'] as const).flatMap(style =>
    STATUSES.map(status => [`${style}${status}`, failure(status, style)]),
  ),
)

const failing = (style: Style, statuses: readonly Status[]): Answers =>
  Object.fromEntries(
    [...new Set([...statuses, ...ALWAYS])].map(status => [
      status,
      { $ref: `#/components/responses/${style}${status}` },
    ]),
  )

/** Failures of calls about collectors and sources. */
export const failures = (...statuses: readonly Status[]): Answers => failing('Error', statuses)

/** Failures of the calls that the original added later: they come as lists. */
export const listedFailures = (...statuses: readonly Status[]): Answers => failing('ErrorList', statuses)
