import type { Answer, HttpCall } from './service.ts'

/** One call of a function, as tests see it. */
export interface InterceptedCall {
  /** `dynamodb`, `s3`, `secretsmanager` or `events` */
  readonly service: string
  /** The API's operation, e.g. `UpdateItem`. */
  readonly action: string
  /** ARN of the resource that the call is about. */
  readonly resource: string
  readonly functionName: string
  /** Counts the calls of the gateway from 1. */
  readonly sequence: number
}

export type Fault =
  | { readonly kind: 'error'; readonly status: number; readonly code: string; readonly message: string }
  /** The connection ends without an answer. */
  | { readonly kind: 'drop' }
  /** No answer ever comes. */
  | { readonly kind: 'hang' }

/** `after`: the call took effect, and the fault replaces its answer. */
export type Phase = 'before' | 'after'

export type Intercept = (
  call: InterceptedCall,
  phase: Phase,
) => Promise<Fault | undefined> | Fault | undefined

/** Called for every call that its service has answered, with the request and the answer. */
export type Observe = (call: InterceptedCall, exchange: Exchange) => void

export interface Exchange {
  readonly request: HttpCall
  readonly answer: Answer
}
