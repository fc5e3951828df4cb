import { MAX_ERROR_BODY } from '../contract/limits.ts'

/** The three error types of a source (reference/sumo-api §2.3). */
export type FaultType = 'ThirdPartyConfig' | 'ThirdPartyGeneric' | 'FirstPartyGeneric'

/** What a task shows of its trouble. */
export interface TaskFault {
  readonly type: FaultType
  /** HTTP status where there is one, else 0 for a failed connection and 500 for our own side. */
  readonly code: number
  /** What happened, with the body as received (bounded), and what to do. */
  readonly info: string
  readonly at: string
}

/** Ends a run: carries what the task will show. Recognise it with `isRunFailure`. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure'
  readonly type: FaultType
  readonly code: number

  constructor(type: FaultType, code: number, info: string, options?: ErrorOptions) {
    super(info, options)
    this.type = type
    this.code = code
  }
}

export const isRunFailure = (error: unknown): error is RunFailure =>
  error instanceof Error && error.name === 'RunFailure'

/** The request could not be answered at all: refused, reset, DNS, TLS, time-out. Thrown by the Events API adapter. */
export class NetworkFailure extends Error {
  override readonly name = 'NetworkFailure'
}

export const isNetworkFailure = (error: unknown): error is NetworkFailure =>
  error instanceof Error && error.name === 'NetworkFailure'

const ADVICE: Record<number, string> = {
  401: 'Update api_token with a valid token that has the feature, or restart the source',
  403: 'Update api_token with a token that may read events, or restart the source',
  404: 'Set base_url to the host of the account (1password.com, .ca, .eu or ent.) and check that api_token is complete',
}

const bounded = (body: string): string =>
  body.length > MAX_ERROR_BODY ? `${body.slice(0, MAX_ERROR_BODY).toWellFormed()}…` : body

/** A body as error texts show it: as received, cut to 2048 characters. */
export const shownBody = (body: string): string => (body.trim() === '' ? 'no body' : bounded(body))

/** Failure for an answer that is not a 200 (reference §7). */
export function answerFailure(status: number, body: string): RunFailure {
  const text = shownBody(body)
  const advice = ADVICE[status]
  if (advice) return new RunFailure('ThirdPartyConfig', status, `${status}: ${text} — ${advice}.`)
  return new RunFailure(
    'ThirdPartyGeneric',
    status,
    `${status}: ${text} — 1Password did not answer as it should; it is asked again.`,
  )
}

/** Any error, as the failure that ends the run. `doing` completes the sentence "while …". */
export function failureOf(error: unknown, doing: string): RunFailure {
  if (isRunFailure(error)) return error
  if (isNetworkFailure(error)) {
    return new RunFailure('ThirdPartyGeneric', 0, `${error.message}, while ${doing}; it is tried again.`, {
      cause: error,
    })
  }
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) }
  return new RunFailure(
    'FirstPartyGeneric',
    500,
    `${name}: ${bounded(message)}, while ${doing}; it is tried again.`,
    {
      cause: error,
    },
  )
}
