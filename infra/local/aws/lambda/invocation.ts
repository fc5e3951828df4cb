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

/** `errorType: errorMessage` of a failed invocation's payload. */
export function errorText(result: InvocationResult): string {
  const { errorType, errorMessage } = JSON.parse(result.payload) as ErrorReport
  return `${errorType}: ${errorMessage}`
}
