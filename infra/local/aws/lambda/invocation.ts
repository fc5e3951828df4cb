import type { ErrorReport } from './messages.ts'

/** The result of an invocation, as Lambda's Invoke returns it. */
export interface InvocationResult {
  readonly requestId: string
  /** JSON text: the handler's answer, or {errorType, errorMessage, trace} if functionError is set. */
  readonly payload: string
  readonly functionError?: 'Unhandled'
  /** The emulator ended the invocation while closing. This says nothing about the function. */
  readonly abandoned?: true
}

/** An asynchronous invocation that was promised. `payload` is JSON text, times are epoch milliseconds. */
export interface PromisedInvocation {
  readonly requestId: string
  readonly functionArn: string
  readonly payload: string
  readonly acceptedMs: number
  /** How often it was tried. */
  readonly attempts: number
}

export const failedInvocation = (requestId: string, error: ErrorReport): InvocationResult => ({
  requestId,
  payload: JSON.stringify(error),
  functionError: 'Unhandled',
})

/** The largest event and the largest answer of an invocation, in bytes of JSON (AWS: "Lambda quotas"). */
export const MAX_EVENT_BYTES = 6_291_456
const MAX_ANSWER_BYTES = 6_291_556

/** Returns the result as Lambda passes it on: an answer that is too large is a failure of the function. */
export function limitAnswer(result: InvocationResult): InvocationResult {
  const bytes = Buffer.byteLength(result.payload)
  if (bytes <= MAX_ANSWER_BYTES) return result
  return failedInvocation(result.requestId, {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${MAX_ANSWER_BYTES} bytes).`,
  })
}

/** `errorType: errorMessage` of a failed invocation's payload. */
export function errorText(result: InvocationResult): string {
  const { errorType, errorMessage } = JSON.parse(result.payload) as ErrorReport
  return `${errorType}: ${errorMessage}`
}
