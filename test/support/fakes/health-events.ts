import type { HealthEvent } from '../../../shared/domain/task/health-event.ts'
import type { HealthChange } from '../../../shared/domain/task/task-health.ts'
import type { HealthEvents, Part } from '../../../shared/ports.ts'

export interface FakeHealthEvents extends HealthEvents {
  /** By source, and then by place. */
  readonly histories: Map<number, Map<string, HealthEvent>>
  /** The latest change of each tracker, by place. */
  readonly latest: Map<string, HealthChange & { readonly sourceId: number }>
  /** Returns the places of the open trackers: source and tracker. */
  open(): string[]
}

/** Returns the first entries, and the place of the last one if there are more. The entries are in order. */
function takePart(entries: readonly (readonly [string, HealthEvent])[], { limit }: Part) {
  const some = entries.slice(0, limit)
  const [last] = some.at(-1) ?? []
  const events = some.map(([, event]) => event)
  return entries.length > limit && last !== undefined ? { events, next: last } : { events }
}

const byPlace = <Value>(entries: Iterable<[string, Value]>): [string, Value][] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : Number(a > b)))

/** The table of health events in memory. Like the real one it must pass test/contract/health-events-contract.ts. */
export function fakeHealthEvents(): FakeHealthEvents {
  const histories: FakeHealthEvents['histories'] = new Map()
  const latest: FakeHealthEvents['latest'] = new Map()
  const openEntries = () =>
    byPlace(latest.entries())
      .filter(([, { event }]) => event.status === 'UnHealthy')
      .map(([place, change]) => ({ place, ...change }))
  return {
    histories,
    latest,
    open: () => openEntries().map(({ place }) => place),
    async record(sourceId, change) {
      const { number, event } = change
      const history = histories.get(sourceId) ?? new Map<string, HealthEvent>()
      histories.set(
        sourceId,
        history.set(`${event.eventTime}#${String(number).padStart(10, '0')}#${event.eventId}`, event),
      )
      const place = `${String(sourceId).padStart(16, '0')}#${event.details.trackerId}`
      if ((latest.get(place)?.number ?? 0) < number) latest.set(place, { ...change, sourceId })
    },
    async unresolved({ sources, after = '', ...part }) {
      const found = openEntries().filter(
        ({ place, sourceId }) => place > after && (sources?.has(sourceId) ?? true),
      )
      return takePart(
        found.map(({ place, event }) => [place, event] as const),
        part,
      )
    },
    async history(sourceId, { since, after, ...part }) {
      const all = byPlace(histories.get(sourceId) ?? []).reverse()
      const found = all.filter(([place]) => place >= since && (after === undefined || place < after))
      return takePart(found, part)
    },
  }
}
