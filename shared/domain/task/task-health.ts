import type { TaskFault } from '../failure/failure.ts'
import {
  type HealthEvent,
  type HealthSubject,
  healthyEvent,
  type OpenTrouble,
  type Recovery,
  unhealthyEvent,
} from './health-event.ts'
import type { OpenWarnings } from './warning.ts'

/** One change of a task's health. */
export interface HealthChange {
  /** Counts the changes of the task from 1. A higher number means a later change, even if the times say otherwise. */
  readonly number: number
  readonly event: HealthEvent
}

/**
 * The health of a task. It is written in the same write as the state of the task, so that the two cannot disagree. Its
 * unpublished changes are later recorded in the health table and published on the bus.
 */
export interface TaskHealth {
  readonly open?: OpenTrouble
  readonly warnings?: OpenWarnings
  /** The number of the last change. */
  readonly changes: number
  /** The unpublished changes, in their order. The name is that of the stored attribute. */
  readonly untold?: readonly HealthChange[]
}

interface OpenEvents {
  readonly open: OpenTrouble | undefined
  readonly warnings: OpenWarnings | undefined
}

/** A task has fewer unpublished changes, unless the health table cannot be reached for hours. */
const MAX_UNPUBLISHED = 16

/**
 * Finds the first trouble that ended and whose tracker has changed again since. Returns its begin and its end. The last
 * change of a tracker is never returned: an earlier change may be recorded already, and its event would stay open.
 */
function findFirstEndedTrouble(changes: readonly HealthChange[]): readonly (HealthChange | undefined)[] {
  const ended = changes.map((opened, i) => {
    const { trackerId } = opened.event.details
    const [next, later] = changes.filter(({ event }, j) => j > i && event.details.trackerId === trackerId)
    return opened.event.status === 'UnHealthy' && later ? [opened, next] : []
  })
  return ended.find(({ length }) => length > 0) ?? []
}

/**
 * Leaves out trouble that began and ended while nothing could be published, so that the item does not grow without
 * bound. In the rest, trouble and recovery still alternate for each tracker.
 */
function leaveOutEndedTrouble(changes: readonly HealthChange[]): readonly HealthChange[] {
  const ended = changes.length > MAX_UNPUBLISHED ? findFirstEndedTrouble(changes) : []
  if (ended.length === 0) return changes
  return leaveOutEndedTrouble(changes.filter(change => !ended.includes(change)))
}

/** Returns the health after these events. `open` and `warnings` say what is open after them. */
export function addEvents(
  health: TaskHealth | undefined,
  events: readonly HealthEvent[],
  { open, warnings = {} }: OpenEvents,
): TaskHealth {
  const before = health?.changes ?? 0
  const fresh = events.map((event, i) => ({ number: before + i + 1, event }))
  return {
    ...(open && { open }),
    ...(Object.keys(warnings).length > 0 && { warnings }),
    changes: before + events.length,
    untold: leaveOutEndedTrouble([...(health?.untold ?? []), ...fresh]),
  }
}

/**
 * Returns the health after a failure, or undefined if nothing changes, because the same trouble is open already.
 * `quit`: the task is given up, which is a change.
 */
export function troubledHealth(
  health: TaskHealth | undefined,
  subject: HealthSubject,
  fault: TaskFault,
  quit = false,
): TaskHealth | undefined {
  const { open, warnings, changes = 0 } = health ?? {}
  if (open?.type === fault.type && quit === (open.quit ?? false)) return undefined
  const now = { type: fault.type, since: fault.at, ...(quit && { quit }) }
  if (!open)
    return addEvents(health, [unhealthyEvent(subject, fault, changes + 1, quit)], { open: now, warnings })
  const reason = quit ? 'quit' : 'changed'
  const closing = healthyEvent(subject, open, { reason, at: fault.at }, changes + 1)
  return addEvents(health, [closing, unhealthyEvent(subject, fault, changes + 2, quit)], {
    open: now,
    warnings,
  })
}

/** Returns the health when trouble is over, or undefined if there was none. */
export function healedHealth(
  health: TaskHealth | undefined,
  subject: HealthSubject,
  recovery: Recovery,
): TaskHealth | undefined {
  if (!health?.open) return undefined
  const { open, warnings, changes } = health
  return addEvents(health, [healthyEvent(subject, open, recovery, changes + 1)], {
    open: undefined,
    warnings,
  })
}
