import { HEALTH_CHANGE } from '../../shared/contract/events.ts'
import type { HealthEvent } from '../../shared/domain/task/health-event.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { HealthChange } from '../../shared/domain/task/task-health.ts'
import type { Envelope } from './bus.ts'
import { type OnTask, type Stores, type TaskEffect, taskName } from './stores.ts'
import type { Verdict } from './verdict.ts'

interface HealthChecks {
  readonly onTask: OnTask
  readonly onBus: (event: Envelope) => void
  /** Checks at the end what is recorded. */
  audit(): void
  /** Health events that were recorded. */
  readonly count: () => number
}

type Numbered = Map<number, HealthEvent>

const openOf = ({ api, health }: Task): string[] => [
  ...(health?.open ? [`${health.open.type}Error/${api}`] : []),
  ...Object.keys(health?.warnings ?? {}).map(kind => `${kind}Warning/${api}`),
]

const untoldOf = (task: Task | undefined): readonly string[] =>
  (task?.health?.untold ?? []).map(({ event }) => event.eventId)

/** Returns the place of a tracker in the table of health events. */
const placeOf = ({ sourceId }: Task, tracker: string): string =>
  `${String(sourceId).padStart(16, '0')}#${tracker}`

/** Watches the table of health events and the health events on the bus. */
export function createHealthChecks(stores: Stores, verdict: Verdict): HealthChecks {
  const { healthEvents } = stores
  const recorded = new Map<string, Numbered>()
  const [known, published, leftOut] = [new Set<string>(), new Set<string>(), new Set<string>()]

  const { record } = healthEvents
  healthEvents.record = (sourceId: number, change: HealthChange) => {
    const { number, event } = change
    const name = taskName({ sourceId, api: event.details.api })
    const changes = recorded.get(name) ?? new Map<number, HealthEvent>()
    recorded.set(name, changes)
    const other = changes.get(number)
    if (other && other.eventId !== event.eventId) {
      verdict.broken('a change of health is one event', `${name} has two events of number ${number}`)
    }
    changes.set(number, event)
    known.add(event.eventId)
    return record(sourceId, change)
  }

  /** Notes changes that a task leaves out because it had too many unpublished ones. The others must still alternate. */
  function onTask({ method, before, after }: TaskEffect): void {
    if (method === 'markHealthPublished' || !after || before === after) return
    const kept = new Set(untoldOf(after))
    for (const id of untoldOf(before)) if (!kept.has(id)) leftOut.add(id)
  }

  function onBus({ 'detail-type': type, detail }: Envelope): void {
    if (type !== HEALTH_CHANGE) return
    const { eventId, details } = detail as HealthEvent
    published.add(eventId)
    if (!known.has(eventId)) verdict.broken('recorded before it is published', details.trackerId)
  }

  function checkAlternation(): void {
    for (const [name, changes] of recorded) {
      const open = new Set<string>()
      for (const [number, { status, details, eventId }] of [...changes].sort(([a], [b]) => a - b)) {
        const { trackerId } = details
        if (leftOut.has(eventId)) continue
        if (open.has(trackerId) === (status === 'UnHealthy')) {
          verdict.broken('health events alternate', `${name}: ${trackerId} is ${status} again with ${number}`)
        }
        if (status === 'UnHealthy') open.add(trackerId)
        else open.delete(trackerId)
      }
    }
  }

  function checkOpen(): void {
    const wanted = [...stores.tasks.items.values()].flatMap(task =>
      openOf(task).map(tracker => placeOf(task, tracker)),
    )
    const found = healthEvents.open().join()
    if (wanted.sort().join() === found) return
    verdict.broken('open health events equal the true state', `${found} and not ${wanted.join()}`)
  }

  function audit(): void {
    checkAlternation()
    checkOpen()
    const untold = [...known].filter(id => !published.has(id) && !leftOut.has(id))
    if (untold.length > 0) verdict.broken('what is recorded is published', `${untold.length} events are not`)
  }

  return { onTask, onBus, audit, count: () => known.size }
}
