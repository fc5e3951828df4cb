import type { DueReason, TaskAddress } from '../../contract/events.ts'
import { maskText } from '../failure/masking.ts'
import type { TroubleOf } from '../failure/trouble.ts'
import { readDue } from './bus-event.ts'
import { isOwnedBy } from './lease-owner.ts'
import { taskCondition } from './life.ts'
import { isLeased, type Task } from './task.ts'

/** An asynchronous run that died, as Lambda reports it. */
export interface DeadRun {
  readonly runId: string
  readonly address: TaskAddress
  readonly reason: DueReason
  /** When the run was asked for, epoch milliseconds. */
  readonly dueMs: number
  readonly death: TroubleOf<'dead-run'>
}

interface InvocationRecord {
  readonly requestContext?: { readonly requestId?: unknown; readonly condition?: unknown }
  readonly requestPayload?: { readonly time?: unknown; readonly detail?: unknown }
  readonly responsePayload?: { readonly errorType?: unknown; readonly errorMessage?: unknown }
}

const toText = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A record without a response means that the event grew too old in Lambda's queue, and that the run never began. */
function parseDeath({ requestContext, responsePayload }: InvocationRecord): TroubleOf<'dead-run'> {
  if (!responsePayload) return { kind: 'dead-run', errorType: toText(requestContext?.condition) }
  const { errorType, errorMessage } = responsePayload
  return { kind: 'dead-run', errorType: toText(errorType), errorMessage: maskText(toText(errorMessage), []) }
}

/** Reads Lambda's record of a failed invocation of collect. Throws if it was not for a CollectionDue event. */
export function readDeadRun(detail: unknown): DeadRun {
  const record = (detail ?? {}) as InvocationRecord
  const { collectorId, sourceId, api, reason } = readDue(record.requestPayload?.detail)
  return {
    runId: toText(record.requestContext?.requestId),
    address: { collectorId, sourceId, api },
    reason,
    dueMs: Date.parse(toText(record.requestPayload?.time)) || 0,
    death: parseDeath(record),
  }
}

/**
 * Whether the run never began, because Lambda had no capacity until the event was too old. The task is unchanged, and
 * the next tick dispatches it again. If this lasts, the lag grows, and its alarm goes off.
 */
export const neverBegan = ({ death }: DeadRun): boolean =>
  death.errorType === 'EventAgeExceeded' && death.errorMessage === undefined

/** Whether a run of the task has ended well since the dead run was asked for. */
const hasSucceededSince = ({ lastSuccessAt = '' }: Task, dueMs: number): boolean =>
  Date.parse(lastSuccessAt) >= dueMs

/**
 * Whether the death of the run must be recorded: the run began, and the task has recorded nothing newer. That is, the
 * task was not stopped, halted or put in an episode since, no other run has leased it, and no run has ended well.
 */
export function isNews(run: DeadRun, task: Task, nowMs: number): boolean {
  const { runId, dueMs, reason } = run
  // A look collects nothing, and the next one does the same.
  if (reason === 'look' || neverBegan(run) || taskCondition(task) !== 'well') return false
  if (isOwnedBy(task, runId)) return true
  return !isLeased(task, nowMs) && !hasSucceededSince(task, dueMs)
}
