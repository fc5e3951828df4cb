import { ADMIN_TIMEOUT_SECONDS, LEASE_MARGIN_MS } from '../contract/timing.ts'
import type { NameReservation, Registry } from '../ports.ts'
import { ABSENT, type RegistryItems } from './registry-items.ts'
import { nameKey, ownerKey } from './registry-key.ts'

/** The name's item. */
interface Reserved {
  readonly schema: 1
  readonly ownerId: number
  readonly reservedMs: number
}

/** A create that has not written its owner by then was stopped and never will. */
const CREATE_ENDS_MS = ADMIN_TIMEOUT_SECONDS * 1000 + LEASE_MARGIN_MS

/** Long past: free to be taken over. */
const GIVEN_UP = 0

const reservedFor = (ownerId: number, reservedMs: number): Reserved => ({ schema: 1, ownerId, reservedMs })

/** Names reserved by single conditional writes; one whose create died is taken over, so none is blocked for good. */
export function nameReservations(items: RegistryItems): Pick<Registry, 'reserveName' | 'releaseName'> {
  async function isFree(
    { collectorId, nowMs }: NameReservation,
    { ownerId, reservedMs }: Reserved,
  ): Promise<boolean> {
    if (nowMs - reservedMs <= CREATE_ENDS_MS) return false
    return (await items.get(ownerKey(collectorId, ownerId))) === undefined
  }

  async function takeOver(reservation: NameReservation): Promise<boolean> {
    const reserved = (await items.get(nameKey(reservation))) as Reserved | undefined
    if (!reserved || !(await isFree(reservation, reserved))) return false
    return items.put(nameKey(reservation), reservedFor(reservation.ownerId, reservation.nowMs), {
      expression: 'ownerId = :ownerId AND reservedMs = :reservedMs',
      values: { ':ownerId': reserved.ownerId, ':reservedMs': reserved.reservedMs },
    })
  }

  return {
    async reserveName(reservation) {
      const { ownerId, nowMs } = reservation
      const reserved = await items.put(nameKey(reservation), reservedFor(ownerId, nowMs), {
        expression: `${ABSENT} OR ownerId = :ownerId`,
        values: { ':ownerId': ownerId },
      })
      return reserved || takeOver(reservation)
    },

    async releaseName(reservation) {
      const { ownerId } = reservation
      await items.put(nameKey(reservation), reservedFor(ownerId, GIVEN_UP), {
        expression: 'ownerId = :ownerId',
        values: { ':ownerId': ownerId },
      })
    },
  }
}
