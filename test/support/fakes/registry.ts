import { isDeepStrictEqual } from 'node:util'
import { ADMIN_TIMEOUT_SECONDS, LEASE_MARGIN_MS } from '../../../shared/contract/timing.ts'
import type { Collector, FieldSchema, Source } from '../../../shared/domain/source/source.ts'
import type { NameReservation, OwnedName, Registry } from '../../../shared/ports.ts'
import { plainCopy } from '../plain-copy.ts'

interface Reserved {
  readonly ownerId: number
  readonly reservedMs: number
  /** Its owner has reserved it more than once. */
  readonly repeated: boolean
}

/** What the table of the registry would hold. Tests read it. */
interface Stored {
  readonly collectors: Map<number, Collector>
  /** By `collectorId/sourceId`. */
  readonly sources: Map<string, Source>
  readonly names: Map<string, Reserved>
  fieldSchema: FieldSchema
}

export interface FakeRegistry extends Registry {
  readonly stored: Stored
}

const CREATE_ENDS_MS = ADMIN_TIMEOUT_SECONDS * 1000 + LEASE_MARGIN_MS

const sourceKey = (collectorId: number, id: number): string => `${collectorId}/${id}`
const nameKey = ({ collectorId, name }: OwnedName): string => JSON.stringify([collectorId ?? null, name])

const byId = <Item extends { readonly id: number }>(items: Iterable<Item>): Item[] =>
  plainCopy([...items]).sort((a, b) => a.id - b.id)

/** Creates, replaces and removes items of one of the maps, by their version. */
function versioned<Key, Item extends { readonly version: number }>(items: Map<Key, Item>) {
  return {
    put(key: Key, item: Item): void {
      if (!items.has(key)) items.set(key, plainCopy(item))
    },
    replace(key: Key, item: Item, expectedVersion: number): boolean {
      if (items.get(key)?.version !== expectedVersion) return isDeepStrictEqual(items.get(key), item)
      items.set(key, plainCopy(item))
      return true
    },
    remove: (key: Key, expectedVersion: number): boolean =>
      items.get(key)?.version === expectedVersion && items.delete(key),
  }
}

function fakeNames(stored: Stored): Pick<Registry, 'reserveName' | 'releaseName'> {
  const { collectors, sources, names } = stored

  function isStale(
    { collectorId, name, nowMs }: NameReservation,
    { ownerId, reservedMs }: Reserved,
  ): boolean {
    const source = collectorId === undefined ? undefined : sources.get(sourceKey(collectorId, ownerId))
    if (source?.stopping) return true
    const owner = collectorId === undefined ? collectors.get(ownerId) : source
    return nowMs - reservedMs > CREATE_ENDS_MS && owner?.name !== name
  }

  return {
    async reserveName(reservation) {
      const { ownerId, nowMs: reservedMs } = reservation
      const reserved = names.get(nameKey(reservation))
      const repeated = reserved?.ownerId === ownerId
      if (reserved && !repeated && !isStale(reservation, reserved)) return false
      names.set(nameKey(reservation), { ownerId, reservedMs, repeated })
      return true
    },
    async releaseName(owned) {
      const reserved = names.get(nameKey(owned))
      if (reserved?.ownerId === owned.ownerId && !reserved.repeated) names.delete(nameKey(owned))
    },
  }
}

/** The registry in memory. Like the real one it must pass test/contract/registry-contract.ts. */
export function fakeRegistry(): FakeRegistry {
  const stored: Stored = {
    collectors: new Map(),
    sources: new Map(),
    names: new Map(),
    fieldSchema: { schema: 1, version: 0, fields: {} },
  }
  const collectors = versioned(stored.collectors)
  const sources = versioned(stored.sources)
  const toSourceKey = (source: Source): string => sourceKey(source.collectorId, source.id)
  let lastId = 100_000_000
  return {
    stored,
    ...fakeNames(stored),
    async registered(collectorId, sourceId) {
      const collector = stored.collectors.get(collectorId)
      const source = stored.sources.get(sourceKey(collectorId, sourceId))
      return collector && source && plainCopy({ collector, source })
    },
    collector: async id => plainCopy(stored.collectors.get(id)),
    collectors: async () => byId(stored.collectors.values()),
    source: async (collectorId, id) => plainCopy(stored.sources.get(sourceKey(collectorId, id))),
    sources: async collectorId =>
      byId(stored.sources.values().filter(source => source.collectorId === collectorId)),
    everything: async () => ({
      collectors: byId(stored.collectors.values()),
      sources: byId(stored.sources.values()),
    }),
    nextId: async () => ++lastId,
    putCollector: async collector => collectors.put(collector.id, collector),
    putSource: async source => sources.put(toSourceKey(source), source),
    replaceCollector: async (collector, version) => collectors.replace(collector.id, collector, version),
    replaceSource: async (source, version) => sources.replace(toSourceKey(source), source, version),
    removeCollector: async (id, version) => collectors.remove(id, version),
    removeSource: async (collectorId, id) => void stored.sources.delete(sourceKey(collectorId, id)),
    fieldSchema: async () => plainCopy(stored.fieldSchema),
    async replaceFieldSchema(schema, expectedVersion) {
      if (stored.fieldSchema.version !== expectedVersion) return false
      stored.fieldSchema = plainCopy(schema)
      return true
    },
  }
}
