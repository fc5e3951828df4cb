import type { CollectionDue, SourceStopping } from '../../../shared/contract/events.ts'
import type { Bus } from '../../../shared/ports.ts'

export interface FakeBus extends Bus {
  readonly published: CollectionDue[]
  readonly stopping: SourceStopping[]
}

/** The bus in memory. */
export function fakeBus(): FakeBus {
  const published: CollectionDue[] = []
  const stopping: SourceStopping[] = []
  return {
    published,
    stopping,
    publishDue: async due => void published.push(...due),
    publishStopping: async sources => void stopping.push(...sources),
  }
}
