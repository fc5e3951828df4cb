import { ADMIN_TIMEOUT_SECONDS, LEASE_MARGIN_MS } from '../../../shared/contract/timing.ts'
import type { Collector, Source } from '../../../shared/domain/source.ts'
import type { NameReservation, Registry } from '../../../shared/ports.ts'

interface Reserved {
  readonly ownerId: number
  readonly reservedMs: number
}

export interface FakeRegistry extends Registry {
  readonly collectors: Map<number, Collector>
  readonly sources: Map<string, Source>
  readonly names: Map<string, Reserved>
}

const CREATE_ENDS_MS = ADMIN_TIMEOUT_SECONDS * 1000 + LEASE_MARGIN_MS

const sourceKey = (collectorId: number, id: number): string => `${collectorId}/${id}`
const nameKey = ({ collectorId, name }: NameReservation): string =>
  JSON.stringify([collectorId ?? null, name])

/** The registry in memory; held to test/contract/registry-contract.ts like the real one. */
export function fakeRegistry(): FakeRegistry {
  const collectors = new Map<number, Collector>()
  const sources = new Map<string, Source>()
  const names = new Map<string, Reserved>()
  let lastId = 100_000_000

  const ownerExists = (collectorId: number | undefined, ownerId: number): boolean =>
    collectorId === undefined ? collectors.has(ownerId) : sources.has(sourceKey(collectorId, ownerId))

  const isFree = (
    { collectorId, ownerId, nowMs }: NameReservation,
    reserved: Reserved | undefined,
  ): boolean =>
    !reserved ||
    reserved.ownerId === ownerId ||
    (nowMs - reserved.reservedMs > CREATE_ENDS_MS && !ownerExists(collectorId, reserved.ownerId))

  return {
    collectors,
    sources,
    names,
    async registered(collectorId, sourceId) {
      const collector = collectors.get(collectorId)
      const source = sources.get(sourceKey(collectorId, sourceId))
      return collector && source && structuredClone({ collector, source })
    },
    collector: async id => structuredClone(collectors.get(id)),
    nextId: async () => ++lastId,
    async reserveName(reservation) {
      if (!isFree(reservation, names.get(nameKey(reservation)))) return false
      const { ownerId, nowMs: reservedMs } = reservation
      names.set(nameKey(reservation), { ownerId, reservedMs })
      return true
    },
    async releaseName(reservation) {
      const { ownerId } = reservation
      if (names.get(nameKey(reservation))?.ownerId !== ownerId) return
      names.set(nameKey(reservation), { ownerId, reservedMs: 0 })
    },
    async putCollector(collector) {
      if (!collectors.has(collector.id)) collectors.set(collector.id, structuredClone(collector))
    },
    async putSource(source) {
      const key = sourceKey(source.collectorId, source.id)
      if (!sources.has(key)) sources.set(key, structuredClone(source))
    },
  }
}
