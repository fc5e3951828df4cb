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
  /** Counts the changes of the task from 1. Of two changes of one tracker the higher is the later, whatever the clocks say. */
  readonly number: number
  readonly event: HealthEvent
}

/**
 * The health events of a task. They are written together with the state that they are about, so that the two cannot
 * disagree, and are recorded and published from here.
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

/** A task gathers fewer, unless the health table cannot be reached for hours. */
const MAX_UNPUBLISHED = 16

/**
 * Returns the first trouble that began and ended, with its end, of a tracker that has changed again since. The last change
 * of a tracker is never left out: the change before it may be recorded and unpublished, and its event would stay open.
 */
function findFirstOver(changes: readonly HealthChange[]): readonly (HealthChange | undefined)[] {
  const overs = changes.map((opened, i) => {
    const { trackerId } = opened.event.details
    const [next, later] = changes.filter(({ event }, j) => j > i && event.details.trackerId === trackerId)
    return opened.event.status === 'UnHealthy' && later ? [opened, next] : []
  })
  return overs.find(({ length }) => length > 0) ?? []
}

/**
 * Leaves out trouble that began and ended while nothing could be published, so that the item does not grow without bound.
 * The rest still alternates for each tracker.
 */
function leaveOutOver(changes: readonly HealthChange[]): readonly HealthChange[] {
  const over = changes.length > MAX_UNPUBLISHED ? findFirstOver(changes) : []
  if (over.length === 0) return changes
  return leaveOutOver(changes.filter(change => !over.includes(change)))
}

/** The health after these events, whose numbers follow its own. `open` and `warnings` are what is open then. */
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
    untold: leaveOutOver([...(health?.untold ?? []), ...fresh]),
  }
}

/**
 * The health after a failure. Undefined if it stays as it was: the same trouble again is no change. But that the task is
 * given up is one.
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

/** The health when trouble is over. Undefined if there was none. */
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
