import { randomUUID } from 'node:crypto'
import { ADMIN_TIMEOUT_SECONDS, LEASE_MARGIN_MS } from '../contract/timing.ts'
import type { NameReservation, Registry } from '../ports.ts'
import { ABSENT, type RegistryItems, type WriteCondition } from './registry-items.ts'
import { nameKey, ownerKey } from './registry-key.ts'

/** The stored item of a name. */
interface Reserved {
  readonly schema: 1
  readonly ownerId: number
  readonly reservedMs: number
  /** Differs for every reservation. The first deployments wrote none. */
  readonly reservationId?: string
  /** The owner reserved the name again while it had it already, so several of its requests may rely on it. */
  readonly repeated?: true
}

/** A request that has not written the owner of its name after this time has died, and will not write it any more. */
const CHANGE_ENDS_MS = ADMIN_TIMEOUT_SECONDS * 1000 + LEASE_MARGIN_MS

const createReservation = ({ ownerId, nowMs }: NameReservation): Reserved => ({
  schema: 1,
  ownerId,
  reservedMs: nowMs,
  reservationId: randomUUID(),
})

/** The condition that the reservation is still this one. */
const isUnchanged = ({ reservationId, reservedMs }: Reserved): WriteCondition =>
  reservationId === undefined
    ? {
        expression: 'attribute_not_exists(reservationId) AND reservedMs = :reservedMs',
        values: { ':reservedMs': reservedMs },
      }
    : { expression: 'reservationId = :id', values: { ':id': reservationId } }

/**
 * Reserves names by single conditional writes. A name whose owner does not use it can be taken over, so no name is
 * blocked for ever. That happens when a create or a change of name died half-way, or when the owner is being deleted.
 */
export function nameReservations(items: RegistryItems): Pick<Registry, 'reserveName' | 'releaseName'> {
  async function isFree(
    { collectorId, name, nowMs }: NameReservation,
    { ownerId, reservedMs }: Reserved,
  ): Promise<boolean> {
    const owner = await items.get(ownerKey(collectorId, ownerId))
    if (owner?.['stopping']) return true
    return nowMs - reservedMs > CHANGE_ENDS_MS && owner?.['name'] !== name
  }

  const reserveFresh = (reservation: NameReservation): Promise<boolean> =>
    items.put(nameKey(reservation), createReservation(reservation), { expression: ABSENT })

  const reserveAgain = (reservation: NameReservation): Promise<boolean> =>
    items.put(
      nameKey(reservation),
      { ...createReservation(reservation), repeated: true },
      { expression: 'ownerId = :ownerId', values: { ':ownerId': reservation.ownerId } },
    )

  async function takeOver(reservation: NameReservation): Promise<boolean> {
    const reserved = (await items.get(nameKey(reservation))) as Reserved | undefined
    if (!reserved || !(await isFree(reservation, reserved))) return false
    return items.put(nameKey(reservation), createReservation(reservation), isUnchanged(reserved))
  }

  return {
    reserveName: async reservation =>
      (await reserveFresh(reservation)) || (await reserveAgain(reservation)) || takeOver(reservation),

    async releaseName(owned) {
      await items.remove(nameKey(owned), {
        expression: 'ownerId = :ownerId AND attribute_not_exists(repeated)',
        values: { ':ownerId': owned.ownerId },
      })
    },
  }
}
