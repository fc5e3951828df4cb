import { describe, expect, it } from 'vitest'
import type { CollectionDue } from '../../shared/contract/events.ts'
import type { Bus } from '../../shared/ports.ts'

export const dueTasks = (count: number): CollectionDue[] =>
  Array.from({ length: count }, (_, i) => ({
    collectorId: 100000001,
    sourceId: 200000000 + i,
    api: 'auditEvents',
    reason: 'tick',
  }))

interface OpenBus {
  readonly bus: Bus
  /** What reached the bus. */
  readonly published: () => readonly CollectionDue[]
}

/** What every bus must do, in memory or EventBridge. */
export function busContract(kind: string, open: () => OpenBus): void {
  describe(`bus ${kind}`, () => {
    it.each([0, 1, 10, 11, 95])('takes %i events, each once', async count => {
      const { bus, published } = open()
      await bus.publishDue(dueTasks(count))
      const bySource = published().toSorted((a, b) => a.sourceId - b.sourceId)
      expect(bySource).toEqual(dueTasks(count))
    })
  })
}
