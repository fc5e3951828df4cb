import type { TaskFault } from './failure.ts'
import {
  type HealthEvent,
  type HealthSubject,
  healthyEvent,
  type OpenTrouble,
  type Recovery,
  unhealthyEvent,
} from './health-event.ts'

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
  /** The number of the last change. */
  readonly changes: number
  /** Changes that are not known to be recorded and published, in their order. */
  readonly untold?: readonly HealthChange[]
}

/** More than a task gathers unless the health table is out of reach for hours. */
const MAX_UNTOLD = 10

/**
 * A trouble that came and went while none could be told is left out, rather than that the item grows without bound. The
 * last change stays in any case, and the rest still alternate.
 */
function bounded(changes: readonly HealthChange[]): readonly HealthChange[] {
  if (changes.length <= MAX_UNTOLD) return changes
  const opened = changes.findIndex(({ event }) => event.status === 'UnHealthy')
  const trackerId = changes[opened]?.event.details.trackerId
  const closed = changes.findIndex(({ event }, i) => i > opened && event.details.trackerId === trackerId)
  return bounded(changes.filter((_, i) => i !== opened && i !== closed))
}

function after(
  health: TaskHealth | undefined,
  events: readonly HealthEvent[],
  open: OpenTrouble | undefined,
): TaskHealth {
  const before = health?.changes ?? 0
  const fresh = events.map((event, i) => ({ number: before + i + 1, event }))
  return {
    ...(open && { open }),
    changes: before + events.length,
    untold: bounded([...(health?.untold ?? []), ...fresh]),
  }
}

/** After a failure. Undefined if the health stays as it was: the same trouble again is no change. */
export function troubledHealth(
  health: TaskHealth | undefined,
  subject: HealthSubject,
  fault: TaskFault,
): TaskHealth | undefined {
  const { open, changes = 0 } = health ?? {}
  if (open?.type === fault.type) return undefined
  const now = { type: fault.type, since: fault.at }
  if (!open) return after(health, [unhealthyEvent(subject, fault, changes + 1)], now)
  const closing = healthyEvent(subject, open, { reason: 'changed', at: fault.at }, changes + 1)
  return after(health, [closing, unhealthyEvent(subject, fault, changes + 2)], now)
}

/** When trouble is over. Undefined if there was none. */
export function healedHealth(
  health: TaskHealth | undefined,
  subject: HealthSubject,
  recovery: Recovery,
): TaskHealth | undefined {
  if (!health?.open) return undefined
  return after(health, [healthyEvent(subject, health.open, recovery, health.changes + 1)], undefined)
}
