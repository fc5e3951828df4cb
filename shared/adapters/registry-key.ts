import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { REGISTRY_KEY } from '../contract/table-keys.ts'
import type { NameReservation } from '../ports.ts'

export type RegistryKey = Record<string, AttributeValue>

const keyOf = (partition: string, sort: string): RegistryKey => ({
  [REGISTRY_KEY.partition]: { S: partition },
  [REGISTRY_KEY.sort]: { S: sort },
})

/** Padded, so that a query answers in the order of creation. */
const padded = (id: number): string => String(id).padStart(16, '0')

export const counterKey = keyOf('COUNTERS', 'ID')

export const collectorKey = (id: number): RegistryKey => keyOf('COLLECTORS', padded(id))

export const sourceKey = (collectorId: number, id: number): RegistryKey =>
  keyOf(`COLLECTOR#${collectorId}`, `SOURCE#${padded(id)}`)

/** Names are compared as they are written: case counts. */
export const nameKey = ({ collectorId, name }: Pick<NameReservation, 'collectorId' | 'name'>): RegistryKey =>
  keyOf(collectorId === undefined ? 'NAMES#COLLECTORS' : `NAMES#COLLECTOR#${collectorId}`, name)

/** The collector or source that a name is reserved for. */
export const ownerKey = (collectorId: number | undefined, ownerId: number): RegistryKey =>
  collectorId === undefined ? collectorKey(ownerId) : sourceKey(collectorId, ownerId)
