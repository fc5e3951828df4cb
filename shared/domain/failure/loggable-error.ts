import { MAX_LOGGED_ERRORS, MAX_LOGGED_STACK } from '../../contract/limits.ts'
import { maskText } from './masking.ts'
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
