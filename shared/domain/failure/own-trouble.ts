/** Why our own side failed: a call to AWS, or something unforeseen. */
export type OwnReason =
  | 'throttled'
  | 'denied'
  | 'archived'
  | 'condition'
  | 'missing'
  | 'unreachable'
  | 'unavailable'
  | 'unexpected'

/** What an error of our own side says. */
export interface OwnFact {
  readonly name: string
  readonly message: string
  /** Code of the operating system, if the call got no answer. */
  readonly code?: string
  /** HTTP status of the answer of AWS. */
  readonly status?: number
}

/** The services of AWS have different names for the same reason. The first match counts. */
const NAMES: readonly (readonly [RegExp, OwnReason])[] = [
  [/Throttl|TooManyRequests|ThroughputExceeded|RequestLimitExceeded|SlowDown|Bandwidth/, 'throttled'],
  [
    /AccessDenied|NotAuthorized|Unauthorized|Forbidden|UnrecognizedClient|ExpiredToken|InvalidClientToken|Signature|Credentials|DecryptionFailure|^KMS/,
    'denied',
  ],
  [/InvalidObjectState/, 'archived'],
  [/ConditionalCheckFailed|PreconditionFailed|TransactionConflict|ConditionalRequestConflict/, 'condition'],
  [/NotFound|NoSuch|DoesNotExist/, 'missing'],
  [
    /^(?:TimeoutError|NetworkingError|ECONN\w+|ETIMEDOUT|ENOTFOUND|EAI_\w+|EPIPE|EHOSTUNREACH|ENETUNREACH)$/,
    'unreachable',
  ],
  [/InternalServer|InternalError|ServiceUnavailable|InternalFailure|InternalException/, 'unavailable'],
]

const STATUSES: Readonly<Record<number, OwnReason>> = {
  401: 'denied',
  403: 'denied',
  404: 'missing',
  409: 'condition',
  412: 'condition',
  429: 'throttled',
}

const byName = (text: string | undefined): OwnReason | undefined =>
  NAMES.find(([pattern]) => text !== undefined && pattern.test(text))?.[1]

function byStatus(status: number | undefined): OwnReason {
  if (status === undefined) return 'unexpected'
  return STATUSES[status] ?? (status >= 500 ? 'unavailable' : 'unexpected')
}

export const ownReason = ({ name, code, status }: OwnFact): OwnReason =>
  byName(name) ?? byName(code) ?? byStatus(status)

interface Described {
  readonly code?: unknown
  readonly $metadata?: { readonly httpStatusCode?: number }
}

/** Reads the facts of anything that was thrown. */
export function toOwnFact(error: unknown): OwnFact {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { code, $metadata } = error as Described
  const status = $metadata?.httpStatusCode
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' && { code }),
    ...(status !== undefined && { status }),
  }
}
