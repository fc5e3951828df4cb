import type { TaskAddress } from '../../shared/contract/events.ts'
import type { RetryReport, RunOutcome, RunReport } from '../../shared/contract/log-messages.ts'
import {
  countChanged,
  countDropped,
  describeCounts,
  type RuleCounts,
} from '../../shared/domain/rule/rule-counts.ts'
import { toIsoTime } from '../../shared/domain/stream/timestamp.ts'
import type { Episode } from '../../shared/domain/task/episode.ts'
import { lagSeconds } from '../../shared/domain/task/read-time.ts'
import type { Run } from './run.ts'
import { NOTHING_COMMITTED, type Tally } from './tally.ts'

/** How a run ended, and what it has committed until then. */
export interface RunEnd {
  readonly outcome: RunOutcome
  readonly tally: Tally
}

const toRetryReport = ({ attempts, nextRetryMs, deadlineMs, quitMs }: Episode): RetryReport => ({
  attempts,
  deadline: toIsoTime(deadlineMs),
  ...(quitMs === undefined ? { nextRetry: toIsoTime(nextRetryMs) } : { quit: true }),
})

/** What the processing rules have dropped and changed, in all and by each rule that has done so. */
function describeFiltered({ registered }: Run, filtered: RuleCounts | undefined): Partial<RunReport> {
  if (!filtered) return {}
  const effects = describeCounts(registered.source.filters ?? [], filtered)
  const done = effects.filter(({ dropped = 0, changed = 0 }) => dropped + changed > 0)
  return {
    dropped: countDropped(filtered),
    changed: countChanged(filtered),
    rules: done,
  }
}

/** What a run that held the lease has done. */
export function createReport(run: Run, { outcome, tally }: RunEnd, startedMs: number): RunReport {
  const { task } = run.lease
  const nowMs = run.ports.clock.now()
  const { filtered, ...committed } = tally
  const lag = lagSeconds(task, nowMs)
  return {
    collectorId: task.collectorId,
    sourceId: task.sourceId,
    api: task.api,
    sourceName: run.registered.source.name,
    outcome,
    ...committed,
    ...run.destination?.counts,
    ...describeFiltered(run, filtered),
    ...(lag !== undefined && { lagSeconds: lag }),
    ...(task.cursor !== undefined && { cursor: task.cursor }),
    ...(outcome === 'failed' && task.error && { error: task.error }),
    ...(outcome === 'failed' && task.episode && { retry: toRetryReport(task.episode) }),
    durationMs: nowMs - startedMs,
  }
}

/** A run that ended before it began, because it could not lease the task or the source is gone. */
export const createReportOfNone = (
  { collectorId, sourceId, api }: TaskAddress,
  outcome: RunOutcome,
  durationMs: number,
): RunReport => ({ collectorId, sourceId, api, outcome, ...NOTHING_COMMITTED, durationMs })
