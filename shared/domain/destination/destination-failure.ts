import type { Item } from '../stream/item.ts'

/**
 * Why a destination took no events. `unavailable`: it may take them later. For the other reasons a user must mend
 * something.
 */
export type DestinationReason =
  | 'unavailable'
  | 'refused'
  | 'redirect'
  | 'address'
  | 'host'
  | 'secret-gone'
  | 'secret-unusable'
  | 'not-deployed'

/** What the adapter knows. */
export interface DestinationFact {
  readonly reason: DestinationReason
  /** HTTP status, if there was an answer. */
  readonly status?: number
  /** What the destination or the network library says. No secret is in it. */
  readonly said?: string
}

interface FailureOptions extends ErrorOptions {
  readonly retryAfterMs?: number
  /** The events that were not taken, if the destination took the others. @default - none was taken */
  readonly left?: readonly Item[]
}

/** A destination did not take a batch, or not all of it. Recognise it with `isDestinationFailure`. */
export class DestinationFailure extends Error {
  override readonly name = 'DestinationFailure'
  readonly fact: DestinationFact
  readonly retryAfterMs: number
  readonly left: readonly Item[] | undefined

  constructor(fact: DestinationFact, options?: FailureOptions) {
    super([fact.reason, fact.status, fact.said].filter(part => part !== undefined).join(': '), options)
    this.fact = fact
    this.retryAfterMs = options?.retryAfterMs ?? 0
    this.left = options?.left
  }
}

export const isDestinationFailure = (error: unknown): error is DestinationFailure =>
  error instanceof Error && error.name === 'DestinationFailure'

/** Statuses below 500 after which the same request may be taken later. */
const PASSING: readonly number[] = [408, 429]

/** What the status of an HTTP destination means. Only `accepted` says that the events are durable. */
export function judgeStatus(status: number, accepted: readonly number[]): DestinationReason | 'taken' {
  if (accepted.includes(status)) return 'taken'
  if (status >= 500 || status < 300 || PASSING.includes(status)) return 'unavailable'
  return status < 400 ? 'redirect' : 'refused'
}
