import type { TaskAddress } from '../../shared/contract/events.ts'
import type { RetryReport, RunOutcome, RunReport } from '../../shared/contract/log-messages.ts'
import { ageSeconds, isoOf } from '../../shared/domain/stream/timestamp.ts'
import type { Episode } from '../../shared/domain/task/episode.ts'
import type { Run } from './run.ts'

const retryOf = ({ attempts, nextRetryMs, deadlineMs, quitMs }: Episode): RetryReport => ({
  attempts,
  deadline: isoOf(deadlineMs),
  ...(quitMs === undefined ? { nextRetry: isoOf(nextRetryMs) } : { quit: true }),
})

/** What a run that held the lease has done. */
export function reportOf(run: Run, outcome: RunOutcome, startedMs: number): RunReport {
  const { task, registered, firstTimestamp, lastTimestamp } = run
  const nowMs = run.ports.clock.now()
  return {
    collectorId: task.collectorId,
    sourceId: task.sourceId,
    api: run.api,
    sourceName: registered.source.name,
    outcome,
    pages: run.pages,
    events: run.events,
    lateEvents: run.lateEvents,
    ...(firstTimestamp !== undefined && { firstTimestamp }),
    ...(lastTimestamp !== undefined && { lastTimestamp }),
    ...(task.lastEventTime !== undefined && { lagSeconds: ageSeconds(task.lastEventTime, nowMs) }),
    ...(task.cursor !== undefined && { cursor: task.cursor }),
    ...(outcome === 'failed' && task.error && { error: task.error }),
    ...(outcome === 'failed' && task.episode && { retry: retryOf(task.episode) }),
    durationMs: nowMs - startedMs,
  }
}

/** A run that ended before it began: the task is not to be had. */
export const reportOfNone = (address: TaskAddress, outcome: RunOutcome, durationMs: number): RunReport => ({
  collectorId: address.collectorId,
  sourceId: address.sourceId,
  api: address.api,
  outcome,
  pages: 0,
  events: 0,
  lateEvents: 0,
  durationMs,
})
