import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { REGISTRY_KEY, TICKS_PARTITION } from '../contract/table-keys.ts'
import type { OwnedName } from '../ports.ts'

export type RegistryKey = Record<string, AttributeValue>

/** A partition whose items are listed together. */
export type RegistryPartition = 'COLLECTORS' | `COLLECTOR#${number}`

const createKey = (partition: string, sort: string): RegistryKey => ({
  [REGISTRY_KEY.partition]: { S: partition },
  [REGISTRY_KEY.sort]: { S: sort },
})

/** Ids have leading zeros, so that a query returns items in the order of their creation. */
const padded = (id: number): string => String(id).padStart(16, '0')

export const counterKey = createKey('COUNTERS', 'ID')

export const fieldSchemaKey = createKey('FIELDS', 'SCHEMA')

export const COLLECTORS: RegistryPartition = 'COLLECTORS'

/** Begins the names of the partitions that hold collectors and sources, and of no others. */
export const REGISTERED_PREFIX = 'COLLECTOR'

export const collectorKey = (id: number): RegistryKey => createKey(COLLECTORS, padded(id))

/** The partition with the sources of a collector, and nothing else. */
export const sourcesPartition = (collectorId: number): RegistryPartition => `COLLECTOR#${collectorId}`

export const sourceKey = (collectorId: number, id: number): RegistryKey =>
  createKey(sourcesPartition(collectorId), `SOURCE#${padded(id)}`)

/** The key of a name. Upper and lower case make different names. */
export const nameKey = ({ collectorId, name }: Pick<OwnedName, 'collectorId' | 'name'>): RegistryKey =>
  createKey(collectorId === undefined ? 'NAMES#COLLECTORS' : `NAMES#COLLECTOR#${collectorId}`, name)

export const tickSegmentKey = (segment: number): RegistryKey =>
  createKey(TICKS_PARTITION, `SEGMENT#${String(segment).padStart(2, '0')}`)

export const tickEndedKey = createKey(TICKS_PARTITION, 'ENDED')

/** The key of the collector or source that a name is reserved for. */
export const ownerKey = (collectorId: number | undefined, ownerId: number): RegistryKey =>
  collectorId === undefined ? collectorKey(ownerId) : sourceKey(collectorId, ownerId)
