import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { REGISTRY_KEY } from '../contract/table-keys.ts'
import type { OwnedName } from '../ports.ts'

export type RegistryKey = Record<string, AttributeValue>

/** Whose items are listed together. */
export type RegistryPartition = 'COLLECTORS' | `COLLECTOR#${number}`

const keyOf = (partition: string, sort: string): RegistryKey => ({
  [REGISTRY_KEY.partition]: { S: partition },
  [REGISTRY_KEY.sort]: { S: sort },
})

/** Padded, so that a query answers in the order of creation. */
const padded = (id: number): string => String(id).padStart(16, '0')

export const counterKey = keyOf('COUNTERS', 'ID')

export const fieldSchemaKey = keyOf('FIELDS', 'SCHEMA')

export const COLLECTORS: RegistryPartition = 'COLLECTORS'

export const collectorKey = (id: number): RegistryKey => keyOf(COLLECTORS, padded(id))

/** Holds the collector's sources and nothing else. */
export const sourcesOf = (collectorId: number): RegistryPartition => `COLLECTOR#${collectorId}`

export const sourceKey = (collectorId: number, id: number): RegistryKey =>
  keyOf(sourcesOf(collectorId), `SOURCE#${padded(id)}`)

/** Names are compared as they are written: case counts. */
export const nameKey = ({ collectorId, name }: Pick<OwnedName, 'collectorId' | 'name'>): RegistryKey =>
  keyOf(collectorId === undefined ? 'NAMES#COLLECTORS' : `NAMES#COLLECTOR#${collectorId}`, name)

/** The collector or source that a name is reserved for. */
export const ownerKey = (collectorId: number | undefined, ownerId: number): RegistryKey =>
  collectorId === undefined ? collectorKey(ownerId) : sourceKey(collectorId, ownerId)
