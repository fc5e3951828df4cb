import { type RunFailure, toFailure } from '../../shared/domain/failure/failure.ts'
import { ownReason, toOwnFact } from '../../shared/domain/failure/own-trouble.ts'
import type { PageRecord } from '../../shared/domain/stream/page-record.ts'
import type { Run } from './run.ts'

/** Whether an object is there and will not be readable a moment later either: another storage class, a key, a policy. */
export const isOutOfReach = (error: unknown): boolean =>
  ['denied', 'archived'].includes(ownReason(toOwnFact(error)))

/** An object lies at the end of the ledger, or seems to, and its record cannot be read. */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord'
  readonly failure: RunFailure
  readonly key: string

  constructor(failure: RunFailure, key: string) {
    super(failure.message, { cause: failure })
    this.failure = failure
    this.key = key
  }
}

/**
 * Returns the record of an object, or undefined if there is none. Throws RunFailure, or UnreadableRecord if it will hardly
 * be readable soon. `doing` completes the sentence "while …".
 */
export async function readRecord(
  { ports }: Run,
  key: string,
  doing: string,
): Promise<PageRecord | undefined> {
  try {
    return await ports.lake.record(key)
  } catch (error) {
    const failure = toFailure(error, doing)
    throw isOutOfReach(error) ? new UnreadableRecord(failure, key) : failure
  }
}
