import type { Api } from './apis.ts'

/** Log lines that others read: the local stage's console now, dashboards and queries on AWS. One JSON object on a line. */
export const RUN_ENDED = 'run ended'
/** A run failed on our own side: the error with its stack. A RUN_ENDED line follows. */
export const RUN_FAILED = 'run failed'
export const TICK_ENDED = 'tick ended'
export const RETRY_STEP = 'retry step'

export type RunOutcome = 'drained' | 'continued' | 'failed' | 'busy' | 'gone' | 'superseded'

/** Members of a RUN_ENDED line beside the logger's own. */
export interface RunReport {
  readonly collectorId: number
  readonly sourceId: number
  readonly api: Api
  readonly outcome: RunOutcome
  readonly sourceName?: string
  readonly pages: number
  readonly events: number
  /** Of these, how many were older than the newest event delivered before their page. */
  readonly lateEvents: number
  /** Smallest and largest timestamp delivered by this run, as received. */
  readonly firstTimestamp?: string
  readonly lastTimestamp?: string
  /** Age of the newest event ever delivered for this task, in seconds. */
  readonly lagSeconds?: number
  readonly cursor?: string
  readonly durationMs: number
  readonly error?: { readonly type: string; readonly code: number; readonly info: string }
  /** Of a failed run that is not final: what follows. */
  readonly retry?: RetryReport
}

export interface RetryReport {
  readonly attempts: number
  readonly deadline: string
  readonly nextRetry?: string
  /** It was the last: the task is given up. */
  readonly quit?: true
}

/** Members of a TICK_ENDED line. */
export interface TickReport {
  readonly tasks: number
  readonly due: number
  readonly abandoned: number
  /** Episodes that no execution had claimed, whose execution had died, and that nobody had given up. */
  readonly unclaimed: number
  readonly silent: number
  readonly overdue: number
  readonly durationMs: number
}
