import type { Api } from './apis.ts'

/** Messages of log lines that the local stage, dashboards and queries read. A line is one JSON object. */
export const RUN_ENDED = 'run ended'
/** A run failed on our own side. The line has the error with its stack. A RUN_ENDED line follows. */
export const RUN_FAILED = 'run failed'
/** A page held items that are no events. The line has the key under which they lie in the lake. */
export const UNREADABLE = 'items could not be read'
export const TICK_ENDED = 'tick ended'
/** A tick found that the one before it never ended. The line has its time, and how many segments were left. */
export const TICK_UNFINISHED = 'the last tick was not finished'
/** Another invocation has begun the same tick. This one does what is left. */
export const TICK_RESUMED = 'tick resumed'
/** A newer tick has begun: this one has nothing more to do. */
export const TICK_OVERTAKEN = 'tick overtaken'
/** The segments that are left are given to other invocations of dispatch. */
export const TICK_HANDED_OVER = 'tick handed over'
export const RETRY_STEP = 'retry step'
export const LOOK_ENDED = 'look ended'

export type RunOutcome = 'drained' | 'continued' | 'failed' | 'busy' | 'gone' | 'superseded'

/** What a RUN_ENDED line says, besides the members that the logger adds. */
export interface RunReport {
  readonly collectorId: number
  readonly sourceId: number
  readonly api: Api
  readonly outcome: RunOutcome
  readonly sourceName?: string
  readonly pages: number
  readonly events: number
  /** How many of these events were older than the newest event delivered before their page. */
  readonly lateEvents: number
  /** How many items could not be read and were kept aside. Absent if there were none. */
  readonly unreadable?: number
  /** What went to the destination beside the lake. Absent if the collector has none. */
  readonly handedOver?: number
  /** Events that were sent to it again. */
  readonly handedOverAgain?: number
  /** Events that it refused. */
  readonly refused?: number
  /** Of the events handed over, those of more than 64 KB. */
  readonly large?: number
  /** How many events processing rules have dropped, and how many changes they made. Absent if there were none. */
  readonly dropped?: number
  readonly changed?: number
  /** The rules that have done it. All Include rules have the same count. */
  readonly rules?: readonly {
    readonly name: string
    readonly filterType: string
    readonly dropped?: number
    readonly changed?: number
  }[]
  /** Smallest and largest timestamp delivered by this run, as received. */
  readonly firstTimestamp?: string
  readonly lastTimestamp?: string
  /** Age of the newest event ever delivered for this task, in seconds. */
  readonly lagSeconds?: number
  readonly cursor?: string
  readonly durationMs: number
  readonly error?: { readonly type: string; readonly code: number; readonly info: string }
  /** What follows a failed run, unless the failure waits for the user. */
  readonly retry?: RetryReport
}

export interface RetryReport {
  readonly attempts: number
  readonly deadline: string
  readonly nextRetry?: string
  /** The run was the last one: the task is given up. */
  readonly quit?: true
}

/** What a TICK_ENDED line says. */
export interface TickReport {
  readonly tasks: number
  readonly due: number
  /** See METRICS. */
  readonly leaseExpired: number
  readonly claimMissing: number
  readonly executionLost: number
  readonly episodeOverdue: number
  readonly durationMs: number
}

/** What a LOOK_ENDED line says: of a task that waited for its user. */
export interface LookReport {
  readonly collectorId: number
  readonly sourceId: number
  readonly api: Api
  readonly outcome: 'restarted' | 'unchanged'
}
