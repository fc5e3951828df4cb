import type { TaskAddress } from './events.ts'

/** What the retry state machine asks collect to do: claim the episode, collect again, or record that a run died. */
export const RETRY_STEPS = ['claim', 'collect', 'died'] as const
export type RetryStep = (typeof RETRY_STEPS)[number]

export interface RetryRequest extends TaskAddress {
  readonly step: RetryStep
  readonly episode: string
  /** The name of the execution that asks. */
  readonly execution: string
  /** How many failed runs the execution knows. Only `collect` and `died` have it. */
  readonly attempts?: number
  /** How Step Functions describes the death of the run. */
  readonly death?: { readonly Error?: string; readonly Cause?: string }
}

/**
 * What the state machine does next. `retry`: it waits for `waitSeconds`, then collects again. The other outcomes end
 * the execution. `recovered`: the task is well. `stopped`: by the user, or by an error that waits for the user.
 * `taken`: another execution has claimed the episode. `quit`: the task is given up.
 */
export type RetryOutcome = 'retry' | 'recovered' | 'stopped' | 'taken' | 'quit'

/** What collect returns for each step. The console of Step Functions shows all of it. */
export interface RetryAnswer {
  readonly outcome: RetryOutcome
  /** RFC 3339. Only `retry` has it. */
  readonly nextRetry?: string
  /**
   * How long that is from now by the clock that has named it, so that it does not matter if other clocks are wrong. Whole
   * seconds. Only `retry` has it.
   */
  readonly waitSeconds?: number
  /** How long the next run may take, from `nextRetry`. Only `retry` has it. */
  readonly timeoutSeconds?: number
  readonly attempts?: number
  readonly deadline?: string
  /** Type and text of the task's error. `retry` and `quit` have it. */
  readonly error?: string
  readonly cause?: string
}
