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

/** A change of a task's health. */
export interface HealthChange {
  /** Counts the task's changes from 1: of two about one tracker the higher is the later, whatever their clocks say. */
  readonly number: number
  readonly event: HealthEvent
}

/**
 * What a task's item says of its health events. It is written with the very state that it speaks of, so the two cannot
 * disagree; the events themselves are recorded and published from here.
 */
export interface TaskHealth {
  readonly open?: OpenTrouble
  readonly warnings?: OpenWarnings
  /** The number of the last change. */
  readonly changes: number
  /** Changes that are not known to be recorded and published, in their order. */
  readonly untold?: readonly HealthChange[]
}

interface Standing {
  readonly open: OpenTrouble | undefined
  readonly warnings: OpenWarnings | undefined
}

/** More than a task gathers unless the health table is out of reach for hours. */
const MAX_UNTOLD = 16

/**
 * The first that began and ended, of a tracker that has changed again since. Its last change is never left out: the one
 * before may be recorded and not yet published, and would stand for ever.
 */
function firstOver(changes: readonly HealthChange[]): readonly (HealthChange | undefined)[] {
  const overs = changes.map((opened, i) => {
    const { trackerId } = opened.event.details
    const [next, later] = changes.filter(({ event }, j) => j > i && event.details.trackerId === trackerId)
    return opened.event.status === 'UnHealthy' && later ? [opened, next] : []
  })
  return overs.find(({ length }) => length > 0) ?? []
}

/**
 * What came and went while it could not be told is left out, rather than that the item grows without bound. The rest
 * still alternate, for each tracker.
 */
function bounded(changes: readonly HealthChange[]): readonly HealthChange[] {
  const over = changes.length > MAX_UNTOLD ? firstOver(changes) : []
  if (over.length === 0) return changes
  return bounded(changes.filter(change => !over.includes(change)))
}

/** The health after these events, numbered on from its changes, with what is open then. */
export function after(
  health: TaskHealth | undefined,
  events: readonly HealthEvent[],
  { open, warnings = {} }: Standing,
): TaskHealth {
  const before = health?.changes ?? 0
  const fresh = events.map((event, i) => ({ number: before + i + 1, event }))
  return {
    ...(open && { open }),
    ...(Object.keys(warnings).length > 0 && { warnings }),
    changes: before + events.length,
    untold: bounded([...(health?.untold ?? []), ...fresh]),
  }
}

/**
 * After a failure. Undefined if the health stays as it was: the same trouble again is no change. That it is now given
 * up is one.
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
    return after(health, [unhealthyEvent(subject, fault, changes + 1, quit)], { open: now, warnings })
  const reason = quit ? 'quit' : 'changed'
  const closing = healthyEvent(subject, open, { reason, at: fault.at }, changes + 1)
  return after(health, [closing, unhealthyEvent(subject, fault, changes + 2, quit)], { open: now, warnings })
}

/** When trouble is over. Undefined if there was none. */
export function healedHealth(
  health: TaskHealth | undefined,
  subject: HealthSubject,
  recovery: Recovery,
): TaskHealth | undefined {
  if (!health?.open) return undefined
  const { open, warnings, changes } = health
  return after(health, [healthyEvent(subject, open, recovery, changes + 1)], { open: undefined, warnings })
}
