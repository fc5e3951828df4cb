import type { LogLine } from 'aws-emulator'
import { RUN_ENDED, type RunReport, TICK_ENDED } from '../../shared/contract/log-messages.ts'

/** Returns the report of a run, if the log line is one. */
export const readRunReport = ({ record }: LogLine): RunReport | undefined =>
  record['message'] === RUN_ENDED ? (record as unknown as RunReport) : undefined

export const isTickEnd = ({ record }: LogLine): boolean => record['message'] === TICK_ENDED

/** The results of all runs of one task together. */
export interface TaskTotals {
  readonly sourceId: number
  readonly api: RunReport['api']
  readonly sourceName?: string
  readonly runs: number
  readonly pages: number
  readonly events: number
  /** Outcome of the last run that was not turned away (as busy or superseded). */
  readonly outcome: RunReport['outcome']
  readonly firstTimestamp?: string
  readonly lastTimestamp?: string
  readonly cursor?: string
  /** Present if the outcome is `failed`. */
  readonly error?: string
}

/** Compares RFC 3339 times with any offset and number of decimals. */
function compareTimestamps(left: string, right: string): number {
  const [a, b] = [left, right].map(text => ({
    seconds: Math.floor(Date.parse(text) / 1000),
    fraction: (/\.(\d+)/.exec(text)?.[1] ?? '').padEnd(9, '0'),
  }))
  if (!a || !b) return 0
  return a.seconds - b.seconds || a.fraction.localeCompare(b.fraction)
}

const pickOutermost = (
  left: string | undefined,
  right: string | undefined,
  sign: 1 | -1,
): string | undefined => {
  if (left === undefined || right === undefined) return left ?? right
  return compareTimestamps(left, right) * sign <= 0 ? left : right
}

const toErrorText = ({ error }: RunReport): string =>
  error ? `${error.type}: ${error.info}` : 'the run failed'

/** Adds a run to the totals. `before` is undefined for the first run. */
function addRun(before: TaskTotals | undefined, run: RunReport): TaskTotals {
  const firstTimestamp = pickOutermost(before?.firstTimestamp, run.firstTimestamp, 1)
  const lastTimestamp = pickOutermost(before?.lastTimestamp, run.lastTimestamp, -1)
  const cursor = run.cursor ?? before?.cursor
  const sourceName = run.sourceName ?? before?.sourceName
  const turnedAway = before !== undefined && (run.outcome === 'busy' || run.outcome === 'superseded')
  const outcome = turnedAway ? before.outcome : run.outcome
  const error = turnedAway ? before.error : run.outcome === 'failed' ? toErrorText(run) : undefined
  return {
    sourceId: run.sourceId,
    api: run.api,
    runs: (before?.runs ?? 0) + 1,
    pages: (before?.pages ?? 0) + run.pages,
    events: (before?.events ?? 0) + run.events,
    outcome,
    ...(sourceName !== undefined && { sourceName }),
    ...(firstTimestamp !== undefined && { firstTimestamp }),
    ...(lastTimestamp !== undefined && { lastTimestamp }),
    ...(cursor !== undefined && { cursor }),
    ...(error !== undefined && { error }),
  }
}

/** Totals by task. */
export interface RunTotals {
  add(run: RunReport): void
  tasks(): readonly TaskTotals[]
}

export function createRunTotals(): RunTotals {
  const byTask = new Map<string, TaskTotals>()
  return {
    add(run) {
      const task = `${run.sourceId} ${run.api}`
      byTask.set(task, addRun(byTask.get(task), run))
    },
    tasks: () => [...byTask.values()],
  }
}
