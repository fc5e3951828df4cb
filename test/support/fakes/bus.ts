import type { CollectionDue, SourceStopping } from '../../../shared/contract/events.ts'
import type { HealthEvent } from '../../../shared/domain/health-event.ts'
import type { Bus } from '../../../shared/ports.ts'

export interface FakeBus extends Bus {
  readonly published: CollectionDue[]
  readonly stopping: SourceStopping[]
  readonly health: HealthEvent[]
}

/** The bus in memory. */
export function fakeBus(): FakeBus {
  const published: CollectionDue[] = []
  const stopping: SourceStopping[] = []
  const health: HealthEvent[] = []
  return {
    published,
    stopping,
    health,
    publishDue: async due => void published.push(...due),
    publishStopping: async sources => void stopping.push(...sources),
    publishHealth: async events => void health.push(...events),
  }
}
