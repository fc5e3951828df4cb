import type { CollectionDue, EpisodeOpened, SourceStopping } from '../../../shared/contract/events.ts'
import type { HealthEvent } from '../../../shared/domain/task/health-event.ts'
import type { Bus } from '../../../shared/ports.ts'

interface FakeBus extends Bus {
  readonly published: CollectionDue[]
  readonly stopping: SourceStopping[]
  readonly opened: EpisodeOpened[]
  readonly health: HealthEvent[]
}

/** The bus in memory. */
export function fakeBus(): FakeBus {
  const published: CollectionDue[] = []
  const stopping: SourceStopping[] = []
  const opened: EpisodeOpened[] = []
  const health: HealthEvent[] = []
  return {
    published,
    stopping,
    opened,
    health,
    publishDue: async due => void published.push(...due),
    publishStopping: async sources => void stopping.push(...sources),
    publishOpened: async episodes => void opened.push(...episodes),
    publishHealth: async events => void health.push(...events),
  }
}
