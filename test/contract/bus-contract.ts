import { describe, expect, it } from 'vitest'
import type { CollectionDue, EpisodeOpened } from '../../shared/contract/events.ts'
import type { Bus } from '../../shared/ports.ts'

export const dueTasks = (count: number): CollectionDue[] =>
  Array.from({ length: count }, (_, i) => ({
    collectorId: 100000001,
    sourceId: 200000000 + i,
    api: 'auditEvents',
    reason: 'tick',
  }))

export const openedEpisodes = (count: number): EpisodeOpened[] =>
  Array.from({ length: count }, (_, i) => ({
    collectorId: 100000001,
    sourceId: 200000000 + i,
    api: 'auditEvents',
    episode: `e${i}`,
  }))

interface OpenBus {
  readonly bus: Bus
  /** What reached the bus. */
  readonly published: () => readonly CollectionDue[]
  readonly opened: () => readonly EpisodeOpened[]
}

/** What every bus must do, in memory or EventBridge. */
export function busContract(kind: string, open: () => OpenBus): void {
  describe(`bus ${kind}`, () => {
    it.each([0, 1, 10, 11, 95])('accepts %i events, each once', async count => {
      const { bus, published } = open()
      await bus.publishDue(dueTasks(count))
      const bySource = published().toSorted((a, b) => a.sourceId - b.sourceId)
      expect(bySource).toEqual(dueTasks(count))
    })

    it.each([0, 1, 11])('accepts %i opened episodes, each once', async count => {
      const { bus, opened } = open()
      await bus.publishOpened(openedEpisodes(count))
      const bySource = opened().toSorted((a, b) => a.sourceId - b.sourceId)
      expect(bySource).toEqual(openedEpisodes(count))
    })
  })
}
