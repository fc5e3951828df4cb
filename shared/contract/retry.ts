import type { TaskAddress } from './events.ts'

/** What the retry state machine asks of collect: to claim the episode, to collect again, to record a run that died. */
export const RETRY_STEPS = ['claim', 'collect', 'died'] as const
export type RetryStep = (typeof RETRY_STEPS)[number]

export interface RetryRequest extends TaskAddress {
  readonly step: RetryStep
  readonly episode: string
  /** Name of the execution that asks. */
  readonly execution: string
  /** Failed runs that the execution knows of; with `collect` and `died`. */
  readonly attempts?: number
  /** How the run died, in the words of Step Functions. */
  readonly death?: { readonly Error?: string; readonly Cause?: string }
}

/**
 * `retry`: wait until `nextRetry`, then collect. `recovered` and `stopped` (by the user, or by an error that waits for
 * the user): nothing is left to do. `taken`: another execution has claimed the episode. `quit`: the task is given up.
 */
export type RetryOutcome = 'retry' | 'recovered' | 'stopped' | 'taken' | 'quit'

/** What collect answers to each step; all that is there is shown to who looks at the execution. */
export interface RetryAnswer {
  readonly outcome: RetryOutcome
  /** RFC 3339; with `retry` only. */
  readonly nextRetry?: string
  /** How long the next run may take, from `nextRetry`; with `retry` only. */
  readonly timeoutSeconds?: number
  readonly attempts?: number
  readonly deadline?: string
  /** Type and text of the task's error; with `retry` and `quit`. */
  readonly error?: string
  readonly cause?: string
}
