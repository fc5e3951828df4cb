import type { CollectionDue } from '../../../shared/contract/events.ts'
import type { Bus } from '../../../shared/ports.ts'

export interface FakeBus extends Bus {
  readonly published: CollectionDue[]
}

/** The bus in memory. */
export function fakeBus(): FakeBus {
  const published: CollectionDue[] = []
  return { published, publishDue: async due => void published.push(...due) }
}
