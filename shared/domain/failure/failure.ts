import { type Classified, classify, type FaultType } from './classification.ts'
import { isNetworkFailure } from './network-failure.ts'
import { toOwnFact } from './own-trouble.ts'
import type { Trouble } from './trouble.ts'

/** What a task shows of its trouble. */
export interface TaskFault extends Classified {
  readonly at: string
}

/** The error that ends a run. It holds what the task will show. Recognise it with `isRunFailure`. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure'
  readonly type: FaultType
  readonly code: number
  readonly where: Classified['where']
  /** How long 1Password, or the destination, asks us to wait before the next request, in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor({ type, code, info, where }: Classified, options?: FailureOptions) {
    super(info, options)
    this.type = type
    this.code = code
    this.where = where
    this.retryAfterMs = options?.retryAfterMs
  }
}

interface FailureOptions extends ErrorOptions {
  readonly retryAfterMs?: number
}

export const isRunFailure = (error: unknown): error is RunFailure =>
  error instanceof Error && error.name === 'RunFailure'

/** Makes the failure for a trouble. */
export const createFailure = (trouble: Trouble, options?: FailureOptions): RunFailure =>
  new RunFailure(classify(trouble), options)

/** Turns any error into the failure that ends the run. `doing` completes the sentence "while …". */
export function toFailure(error: unknown, doing: string): RunFailure {
  if (isRunFailure(error)) return error
  const cause = { cause: error }
  if (isNetworkFailure(error)) return createFailure({ kind: 'network', fact: error.fact, doing }, cause)
  return createFailure({ kind: 'own', fact: toOwnFact(error), doing }, cause)
}

/** Gives a failure of the work the step at which it happened. */
export async function during<T>(doing: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw toFailure(error, doing)
  }
}
