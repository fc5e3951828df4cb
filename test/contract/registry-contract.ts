import { beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_TIMEOUT_SECONDS, LEASE_MARGIN_MS } from '../../shared/contract/timing.ts'
import type { Collector, Source } from '../../shared/domain/source.ts'
import type { Registry } from '../../shared/ports.ts'

const NOW_MS = Date.UTC(2026, 4, 6, 7, 8, 9)
const CREATE_ENDS_MS = ADMIN_TIMEOUT_SECONDS * 1000 + LEASE_MARGIN_MS

const collectorOf = (id: number): Collector => ({
  schema: 1,
  id,
  name: `collector ${id}`,
  description: '',
  fields: { team: 'sécurité ✓', _siemForward: true },
  createdAt: '2026-05-06T07:08:09.123Z',
})

const sourceOf = (collectorId: number, id: number): Source => ({
  schema: 1,
  id,
  collectorId,
  version: 1,
  name: `source ${id}`,
  fields: {},
  baseUrl: 'https://events.1password.com',
  configuredBaseUrl: 'events.1password.com',
  apis: ['sign-in', 'auditEvents'],
  startTime: '2026-05-05T07:08:09Z',
  createdAt: '2026-05-06T07:08:09.123Z',
})

/** What every registry must do, in memory or in DynamoDB. */
export function registryContract(kind: string, open: () => Promise<Registry>): void {
  describe(`registry ${kind}`, () => {
    let registry: Registry
    beforeAll(async () => {
      registry = await open()
    })

    /** A collector and the id for a source of its own: tests share the registry and nothing else. */
    async function fresh() {
      const [collectorId, id, otherId] = await Promise.all([
        registry.nextId(),
        registry.nextId(),
        registry.nextId(),
      ])
      return { collectorId, id, otherId, name: `name of ${id}` }
    }

    it('gives nine-digit ids and none twice, however many ask at once', async () => {
      const ids = await Promise.all(Array.from({ length: 25 }, () => registry.nextId()))
      expect(new Set(ids).size).toBe(25)
      expect(ids.every(id => Number.isInteger(id) && id > 100_000_000 && id < 1_000_000_000)).toBe(true)
    })

    it('keeps a collector as it was given', async () => {
      const { collectorId } = await fresh()
      await registry.putCollector(collectorOf(collectorId))
      expect(await registry.collector(collectorId)).toEqual(collectorOf(collectorId))
    })

    it('knows no collector that was not put', async () => {
      expect(await registry.collector((await fresh()).collectorId)).toBeUndefined()
    })

    it('leaves what exists as it is', async () => {
      const { collectorId, id } = await fresh()
      await registry.putCollector(collectorOf(collectorId))
      await registry.putCollector({ ...collectorOf(collectorId), name: 'another' })
      await registry.putSource(sourceOf(collectorId, id))
      await registry.putSource({ ...sourceOf(collectorId, id), name: 'another' })
      expect(await registry.registered(collectorId, id)).toEqual({
        collector: collectorOf(collectorId),
        source: sourceOf(collectorId, id),
      })
    })

    it('answers a source only together with its collector', async () => {
      const { collectorId, id, otherId } = await fresh()
      await registry.putSource(sourceOf(collectorId, id))
      expect(await registry.registered(collectorId, id)).toBeUndefined()
      await registry.putCollector(collectorOf(collectorId))
      expect(await registry.registered(collectorId, otherId)).toBeUndefined()
      expect(await registry.registered(otherId, id)).toBeUndefined()
      expect((await registry.registered(collectorId, id))?.source.id).toBe(id)
    })

    it('gives a name to one of many that ask at once', async () => {
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

    it('keeps the names of collectors and of each one’s sources apart, and tells case', async () => {
      const { collectorId, id, otherId, name } = await fresh()
      expect(await registry.reserveName({ name, ownerId: id, nowMs: NOW_MS })).toBe(true)
      expect(await registry.reserveName({ collectorId, name, ownerId: otherId, nowMs: NOW_MS })).toBe(true)
      const other = { collectorId: collectorId + 1e6, name, ownerId: otherId, nowMs: NOW_MS }
      expect(await registry.reserveName(other)).toBe(true)
      expect(await registry.reserveName({ name: name.toUpperCase(), ownerId: otherId, nowMs: NOW_MS })).toBe(
        true,
      )
    })

    it('hands on a name whose owner never came to be, once its create must have ended', async () => {
      const { collectorId, id, otherId, name } = await fresh()
      const taker = { collectorId, name, ownerId: otherId }
      await registry.reserveName({ collectorId, name, ownerId: id, nowMs: NOW_MS })
      expect(await registry.reserveName({ ...taker, nowMs: NOW_MS + CREATE_ENDS_MS })).toBe(false)
      expect(await registry.reserveName({ ...taker, nowMs: NOW_MS + CREATE_ENDS_MS + 1 })).toBe(true)
    })

    it('hands an abandoned name to one of many that ask at once', async () => {
      const { collectorId, id, name } = await fresh()
      await registry.reserveName({ collectorId, name, ownerId: id, nowMs: NOW_MS })
      const takers = await Promise.all(Array.from({ length: 8 }, () => registry.nextId()))
      const nowMs = NOW_MS + CREATE_ENDS_MS + 1
      const answers = await Promise.all(
        takers.map(ownerId => registry.reserveName({ collectorId, name, ownerId, nowMs })),
      )
      expect(answers.filter(Boolean)).toHaveLength(1)
    })

    it('never hands on the name of a source or collector that exists', async () => {
      const { collectorId, id, otherId, name } = await fresh()
      await registry.reserveName({ name, ownerId: collectorId, nowMs: NOW_MS })
      await registry.putCollector(collectorOf(collectorId))
      await registry.reserveName({ collectorId, name, ownerId: id, nowMs: NOW_MS })
      await registry.putSource(sourceOf(collectorId, id))
      const later = { name, ownerId: otherId, nowMs: NOW_MS + 1e9 }
      expect(await registry.reserveName(later)).toBe(false)
      expect(await registry.reserveName({ ...later, collectorId })).toBe(false)
    })

    it('frees a released name at once, for its owner’s release only', async () => {
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
