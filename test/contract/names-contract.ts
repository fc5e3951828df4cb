import { beforeEach, describe, expect, it } from 'vitest'
import { ADMIN_TIMEOUT_SECONDS, LEASE_MARGIN_MS } from '../../shared/contract/timing.ts'
import type { Registry } from '../../shared/ports.ts'
import { freshIds, numberedCollector, numberedSource } from './registered.ts'

const NOW_MS = Date.UTC(2026, 4, 6, 7, 8, 9)
const CREATE_ENDS_MS = ADMIN_TIMEOUT_SECONDS * 1000 + LEASE_MARGIN_MS

/** What every registry must do with names, in memory or in DynamoDB. */
export function namesContract(kind: string, open: () => Promise<Registry>): void {
  describe(`names in a registry ${kind}`, () => {
    let registry: Registry
    beforeEach(async () => {
      registry = await open()
    })

    const fresh = () => freshIds(registry)

    it('gives a name to one of many that reserve it at once', async () => {
      const { collectorId, name } = await fresh()
      const ids = await Promise.all(Array.from({ length: 8 }, () => registry.nextId()))
      const answers = await Promise.all(
        ids.map(ownerId => registry.reserveName({ collectorId, name, ownerId, nowMs: NOW_MS })),
      )
      expect(answers.filter(Boolean)).toHaveLength(1)
    })

    it('lets the owner of a name reserve it again', async () => {
      const { id: ownerId, name } = await fresh()
      expect(await registry.reserveName({ name, ownerId, nowMs: NOW_MS })).toBe(true)
      expect(await registry.reserveName({ name, ownerId, nowMs: NOW_MS + 1 })).toBe(true)
    })

    it('keeps names of collectors and of each collector’s sources apart; upper and lower case differ', async () => {
      const { collectorId, id, otherId, name } = await fresh()
      expect(await registry.reserveName({ name, ownerId: id, nowMs: NOW_MS })).toBe(true)
      expect(await registry.reserveName({ collectorId, name, ownerId: otherId, nowMs: NOW_MS })).toBe(true)
      const other = { collectorId: collectorId + 1e6, name, ownerId: otherId, nowMs: NOW_MS }
      expect(await registry.reserveName(other)).toBe(true)
      expect(await registry.reserveName({ name: name.toUpperCase(), ownerId: otherId, nowMs: NOW_MS })).toBe(
        true,
      )
    })

    it('frees a name whose owner was never created, after the time that a create may take', async () => {
      const { collectorId, id, otherId, name } = await fresh()
      const taker = { collectorId, name, ownerId: otherId }
      await registry.reserveName({ collectorId, name, ownerId: id, nowMs: NOW_MS })
      expect(await registry.reserveName({ ...taker, nowMs: NOW_MS + CREATE_ENDS_MS })).toBe(false)
      expect(await registry.reserveName({ ...taker, nowMs: NOW_MS + CREATE_ENDS_MS + 1 })).toBe(true)
    })

    it('gives a freed name to one of many that reserve it at once', async () => {
      const { collectorId, id, name } = await fresh()
      await registry.reserveName({ collectorId, name, ownerId: id, nowMs: NOW_MS })
      const takers = await Promise.all(Array.from({ length: 8 }, () => registry.nextId()))
      const nowMs = NOW_MS + CREATE_ENDS_MS + 1
      const answers = await Promise.all(
        takers.map(ownerId => registry.reserveName({ collectorId, name, ownerId, nowMs })),
      )
      expect(answers.filter(Boolean)).toHaveLength(1)
    })

    it('never frees the name of a source or collector that exists', async () => {
      const { collectorId, id, otherId, name } = await fresh()
      await registry.reserveName({ name, ownerId: collectorId, nowMs: NOW_MS })
      await registry.putCollector({ ...numberedCollector(collectorId), name })
      await registry.reserveName({ collectorId, name, ownerId: id, nowMs: NOW_MS })
      await registry.putSource({ ...numberedSource(collectorId, id), name })
      const later = { name, ownerId: otherId, nowMs: NOW_MS + 1e9 }
      expect(await registry.reserveName(later)).toBe(false)
      expect(await registry.reserveName({ ...later, collectorId })).toBe(false)
    })

    it('frees a name that its owner does not use, after the time that a change of name may take', async () => {
      const { collectorId, id, otherId, name } = await fresh()
      await registry.putSource({ ...numberedSource(collectorId, id), name: 'the old name' })
      await registry.reserveName({ collectorId, name, ownerId: id, nowMs: NOW_MS })
      const taker = { collectorId, name, ownerId: otherId }
      expect(await registry.reserveName({ ...taker, nowMs: NOW_MS + CREATE_ENDS_MS })).toBe(false)
      expect(await registry.reserveName({ ...taker, nowMs: NOW_MS + CREATE_ENDS_MS + 1 })).toBe(true)
    })

    it('frees the name of a source that is being deleted at once', async () => {
      const { collectorId, id, otherId, name } = await fresh()
      await registry.reserveName({ collectorId, name, ownerId: id, nowMs: NOW_MS })
      await registry.putSource({ ...numberedSource(collectorId, id), name, stopping: true })
      expect(await registry.reserveName({ collectorId, name, ownerId: otherId, nowMs: NOW_MS })).toBe(true)
      await registry.releaseName({ collectorId, name, ownerId: id })
      expect(await registry.reserveName({ collectorId, name, ownerId: id, nowMs: NOW_MS })).toBe(false)
    })

    it.each([0, -5, 5])(
      'keeps a name that its owner reserved again before a late release (clocks differ by %i ms)',
      async offMs => {
        const { collectorId, id, otherId, name } = await fresh()
        const owned = { collectorId, name, ownerId: id }
        await registry.reserveName({ ...owned, nowMs: NOW_MS })
        await registry.reserveName({ ...owned, nowMs: NOW_MS + offMs })
        await registry.releaseName(owned)
        const taker = { ...owned, ownerId: otherId }
        expect(await registry.reserveName({ ...taker, nowMs: NOW_MS + 10 })).toBe(false)
        expect(await registry.reserveName({ ...taker, nowMs: NOW_MS + CREATE_ENDS_MS + 6 })).toBe(true)
        await registry.releaseName(taker)
        expect(await registry.reserveName({ ...owned, nowMs: NOW_MS })).toBe(true)
      },
    )

    it('frees a name at once if its owner releases it, and only then', async () => {
      const { collectorId, id, otherId, name } = await fresh()
      const owned = { collectorId, name, ownerId: id, nowMs: NOW_MS }
      const taker = { collectorId, name, ownerId: otherId, nowMs: NOW_MS + 1 }
      await registry.reserveName(owned)
      await registry.releaseName(taker)
      expect(await registry.reserveName(taker)).toBe(false)
      await registry.releaseName(owned)
      expect(await registry.reserveName(taker)).toBe(true)
      await registry.releaseName(owned)
      expect(await registry.reserveName({ ...owned, nowMs: NOW_MS + 2 })).toBe(false)
    })
  })
}
