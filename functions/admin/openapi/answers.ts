import { CALL_LIMITS } from '../../../shared/contract/limits.ts'
import type { Schema } from '../../../shared/domain/source/shape.ts'
import { isListed } from '../http/error-answer.ts'
import type { Route } from '../http/route.ts'
import type { SchemaName } from './schemas.ts'

export const isRead = ({ method }: Route): boolean => method === 'GET' || method === 'HEAD'

export interface Answer {
  readonly description: string
  readonly headers?: Readonly<Record<string, object>>
  readonly content?: { readonly 'application/json': { readonly schema: Schema; readonly example?: unknown } }
}

/** By status. */
export type Answers = Readonly<Record<number, Answer | { readonly $ref: string }>>

const header = (name: string, description: string, pattern: string) => ({
  [name]: { required: true, description, schema: { type: 'string', pattern } },
})

const entityTag = (description: string) => header('ETag', description, '^"[0-9a-f]{32}"$')

const ETAGS = {
  configuration: entityTag(
    'Changes with the configuration only, never with the state. Send it as If-Match with a PUT.',
  ),
  content: entityTag(
    'Changes with anything that the answer says. Send it as If-None-Match with the next GET.',
  ),
}

const notModified = (headers: (typeof ETAGS)[keyof typeof ETAGS]): Answers => ({
  304: { description: 'The entity still has a tag that If-None-Match names. No body.', headers },
})

const { perSecond, inFlight } = CALL_LIMITS

const REFUSALS = {
  400: 'The request is wrong: all its faults are named.',
  401: 'The credential is missing or wrong.',
  403: 'If-Match is missing or empty.',
  404: 'There is no such thing.',
  409: 'Others are changing the same again and again: repeat the request.',
  412: 'The entity has changed since If-Match was read: read it again.',
  413: 'The request body is larger than 256 KiB.',
  415: 'The request body is of another type than JSON.',
  429: `More than ${perSecond} requests a second, or more than ${inFlight} at once, of one access id.`,
  500: 'The service failed. The log has the same id.',
}

export const contentFor = (schema: SchemaName, example?: unknown) => ({
  'application/json': {
    schema: { $ref: `#/components/schemas/${schema}` },
    ...(example !== undefined && { example }),
  },
})

const RETRY_AFTER = header('Retry-After', 'Seconds to wait.', '^[1-9][0-9]*$')

/** The refusals of all calls in both styles, by the names that operations refer to. */
export const REFUSAL_ANSWERS: Readonly<Record<string, Answer>> = Object.fromEntries(
  (['Error', 'ErrorList'] as const).flatMap(style =>
    Object.entries(REFUSALS).map(([status, description]) => {
      const headers = status === '429' ? { headers: RETRY_AFTER } : {}
      return [`${style}${status}`, { description, content: contentFor(style), ...headers }]
    }),
  ),
)

/** Tells which refusals follow from what a call reads and does. Every call may have the last three. */
function findRefusals(route: Route): (keyof typeof REFUSALS)[] {
  const { path, query, body, ifMatch, isReading = isRead(route), mayBeWrong } = route
  return [
    ...(query || body || mayBeWrong ? ([400] as const) : []),
    ...(path.includes('{') ? ([404] as const) : []),
    ...(body ? ([413, 415] as const) : []),
    ...(ifMatch === 'required' ? ([403] as const) : []),
    ...(ifMatch ? ([412] as const) : []),
    ...(isReading ? [] : ([409] as const)),
    ...([401, 429, 500] as const),
  ]
}

/** All answers of a call. */
export function describeAnswers(route: Route): Answers {
  const { method, path, summary, status = 200, answer, tagged } = route
  const style = isListed(`/v1${path}`) ? 'ErrorList' : 'Error'
  return {
    [status]: {
      description: answer ? `${summary}.` : 'It is done. No body.',
      ...(answer && method !== 'HEAD' && { content: contentFor(answer) }),
      ...(tagged && { headers: ETAGS[tagged] }),
    },
    ...(tagged && isRead(route) && notModified(ETAGS[tagged])),
    ...Object.fromEntries(
      findRefusals(route).map(refusal => [refusal, { $ref: `#/components/responses/${style}${refusal}` }]),
    ),
  }
}
