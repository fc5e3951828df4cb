import type {
  CollectionDue,
  EpisodeOpened,
  SourceStopping,
  TickSegment,
} from '../../../shared/contract/events.ts'
import type { HealthEvent } from '../../../shared/domain/task/health-event.ts'
import type { Bus } from '../../../shared/ports.ts'

interface FakeBus extends Bus {
  readonly published: CollectionDue[]
  readonly stopping: SourceStopping[]
  readonly opened: EpisodeOpened[]
  readonly segments: TickSegment[]
  readonly health: HealthEvent[]
}

/** The bus in memory. */
export function fakeBus(): FakeBus {
  const published: CollectionDue[] = []
  const stopping: SourceStopping[] = []
  const opened: EpisodeOpened[] = []
  const segments: TickSegment[] = []
  const health: HealthEvent[] = []
  return {
    published,
    stopping,
    opened,
    segments,
    health,
    publishDue: async due => void published.push(...due),
    publishStopping: async sources => void stopping.push(...sources),
    publishSegments: async found => void segments.push(...found),
    publishOpened: async episodes => void opened.push(...episodes),
    publishHealth: async events => void health.push(...events),
  }
}
