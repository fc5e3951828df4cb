import { MAX_LOGGED_ERRORS, MAX_LOGGED_STACK } from '../../contract/limits.ts'
import { TOKEN_MASK } from '../source/api-token.ts'
import { cut, MAX_TEXT } from './shown-text.ts'

/** An error as a log line holds it: plain data, without secrets and of bounded size. */
export interface LoggableError {
  readonly name: string
  readonly message: string
  readonly stack?: string
  /** Code of the operating system, of Node or of AWS. */
  readonly code?: string
  /** HTTP status of AWS's answer. */
  readonly status?: number
  /** Request id of AWS's answer. */
  readonly requestId?: string
  readonly cause?: LoggableError
  /** The failures that an AggregateError holds. */
  readonly errors?: readonly LoggableError[]
  /** How many more failures it holds. */
  readonly omitted?: number
}

/** The parts of an error that not every error has. */
interface Described {
  readonly cause?: unknown
  readonly errors?: unknown
  readonly code?: unknown
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string }
}

/** 1Password's tokens are JSON Web Tokens. The second pattern finds any credential in a header. */
const CREDENTIALS = [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, /(?<=\b(?:Bearer|Basic) +)[\w.~+/=-]{8,}/g]

/** Replaces the given secrets, and whatever else looks like a credential, by the mask. */
export function maskText(text: string, secrets: readonly string[]): string {
  const known = secrets.filter(secret => secret !== '')
  const withoutKnown = known.reduce((masked, secret) => masked.replaceAll(secret, TOKEN_MASK), text)
  return CREDENTIALS.reduce((masked, pattern) => masked.replace(pattern, TOKEN_MASK), withoutKnown)
}

function readAwsFacts({ code, $metadata: { httpStatusCode, requestId } = {} }: Described) {
  return {
    ...(typeof code === 'string' && { code }),
    ...(httpStatusCode !== undefined && { status: httpStatusCode }),
    ...(requestId !== undefined && { requestId }),
  }
}

/**
 * Makes anything that was thrown loggable, with its stack, its causes and the failures of an AggregateError. Secrets
 * are masked. An error that comes twice is shown once.
 */
export function loggableError(error: unknown, secrets: readonly string[] = []): LoggableError {
  const seen = new Set<unknown>()
  // Masked before it is cut: half a secret would not be recognised.
  const shown = (text: string, most = MAX_TEXT) => cut(maskText(text, secrets), most)

  function describeNew(part: unknown): LoggableError | undefined {
    return seen.has(part) || seen.size >= MAX_LOGGED_ERRORS ? undefined : describe(part)
  }

  function describeInner({ cause, errors }: Described): Partial<LoggableError> {
    const reason = cause === undefined ? undefined : describeNew(cause)
    if (!Array.isArray(errors)) return reason ? { cause: reason } : {}
    const found = errors.flatMap(each => describeNew(each) ?? [])
    const omitted = errors.length - found.length
    return { ...(reason && { cause: reason }), errors: found, ...(omitted > 0 && { omitted }) }
  }

  function describe(part: unknown): LoggableError {
    seen.add(part)
    if (!(part instanceof Error)) return { name: 'Error', message: shown(String(part)) }
    const { name, message, stack } = part
    return {
      name,
      message: shown(message),
      ...(stack !== undefined && { stack: shown(stack, MAX_LOGGED_STACK) }),
      ...readAwsFacts(part as Described),
      ...describeInner(part as Described),
    }
  }

  return describe(error)
}

/** An error without secrets, to be thrown on: AWS quotes what it refuses. */
export function maskedError(error: unknown, secrets: readonly string[]): Error {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  const masked = Object.assign(new Error(maskText(message, secrets)), { name })
  if (stack !== undefined) masked.stack = maskText(stack, secrets)
  return masked
}
