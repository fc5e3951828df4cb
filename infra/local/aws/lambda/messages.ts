import type { SharedTime } from '../clock/clock.ts'

/** What a thread receives when it starts. */
export interface SandboxSettings {
  readonly time: SharedTime
  readonly codeFolder: string
  /** `file.export` as in the template. */
  readonly handler: string
  readonly functionName: string
  readonly functionArn: string
  readonly memoryMb: number
}

export interface InvocationRequest {
  readonly requestId: string
  /** JSON text. */
  readonly payload: string
  /** Epoch milliseconds of virtual time. */
  readonly deadlineMs: number
}

export interface ErrorReport {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace?: readonly string[]
}

export type ToSandbox =
  | { readonly type: 'invoke'; readonly invocation: InvocationRequest }
  | { readonly type: 'jumped' }

export type FromSandbox =
  | { readonly type: 'loaded' }
  | { readonly type: 'failed to load'; readonly error: ErrorReport }
  | { readonly type: 'output'; readonly text: string }
  /** `payload` is JSON text. */
  | { readonly type: 'answered'; readonly payload: string }
  | { readonly type: 'threw'; readonly error: ErrorReport }
