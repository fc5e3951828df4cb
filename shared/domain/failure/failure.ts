import { type Classified, classify, type FaultType } from './classification.ts'
import { isNetworkFailure } from './network-failure.ts'
import { ownFact } from './own-trouble.ts'
import type { Trouble } from './trouble.ts'

/** What a task shows of its trouble. */
export interface TaskFault extends Classified {
  readonly at: string
}

/** Ends a run: carries what the task will show. Recognise it with `isRunFailure`. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure'
  readonly type: FaultType
  readonly code: number
  /** What 1Password asks to wait before it is asked again, in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor({ type, code, info }: Classified, options?: FailureOptions) {
    super(info, options)
    this.type = type
    this.code = code
    this.retryAfterMs = options?.retryAfterMs
  }
}

interface FailureOptions extends ErrorOptions {
  readonly retryAfterMs?: number
}

export const isRunFailure = (error: unknown): error is RunFailure =>
  error instanceof Error && error.name === 'RunFailure'

/** The failure that a trouble is. */
export const failureBy = (trouble: Trouble, options?: FailureOptions): RunFailure =>
  new RunFailure(classify(trouble), options)

/** Any error, as the failure that ends the run. `doing` completes the sentence "while …". */
export function failureOf(error: unknown, doing: string): RunFailure {
  if (isRunFailure(error)) return error
  const cause = { cause: error }
  if (isNetworkFailure(error)) return failureBy({ kind: 'network', fact: error.fact, doing }, cause)
  return failureBy({ kind: 'own', fact: ownFact(error), doing }, cause)
}

/** Gives a failure of the work the step at which it happened. */
export async function during<T>(doing: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw failureOf(error, doing)
  }
}
