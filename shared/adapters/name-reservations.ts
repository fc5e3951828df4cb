import { randomUUID } from 'node:crypto'
import { ADMIN_TIMEOUT_SECONDS, LEASE_MARGIN_MS } from '../contract/timing.ts'
import type { NameReservation, Registry } from '../ports.ts'
import { ABSENT, type RegistryItems, type WriteCondition } from './registry-items.ts'
import { nameKey, ownerKey } from './registry-key.ts'

/** The name's item. */
interface Reserved {
  readonly schema: 1
  readonly ownerId: number
  readonly reservedMs: number
  /** Another with every reservation; the first deployments wrote none. */
  readonly reservationId?: string
  /** The owner reserved it while it was its own already: several of its requests may count on it. */
  readonly repeated?: true
}

/** A create or a change of name that has not written its owner by then was stopped and never will. */
const CHANGE_ENDS_MS = ADMIN_TIMEOUT_SECONDS * 1000 + LEASE_MARGIN_MS

const reservedFor = ({ ownerId, nowMs }: NameReservation): Reserved => ({
  schema: 1,
  ownerId,
  reservedMs: nowMs,
  reservationId: randomUUID(),
})

/** For a write that expects this very reservation. */
const standing = ({ reservationId, reservedMs }: Reserved): WriteCondition =>
  reservationId === undefined
    ? {
        expression: 'attribute_not_exists(reservationId) AND reservedMs = :reservedMs',
        values: { ':reservedMs': reservedMs },
      }
    : { expression: 'reservationId = :id', values: { ':id': reservationId } }

/**
 * Names reserved by single conditional writes. One whose owner does not bear it, because a create or a change of name
 * died half-way, or because the owner is being deleted, is taken over: none is blocked for good.
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
    items.put(nameKey(reservation), reservedFor(reservation), { expression: ABSENT })

  const reserveAgain = (reservation: NameReservation): Promise<boolean> =>
    items.put(
      nameKey(reservation),
      { ...reservedFor(reservation), repeated: true },
      { expression: 'ownerId = :ownerId', values: { ':ownerId': reservation.ownerId } },
    )

  async function takeOver(reservation: NameReservation): Promise<boolean> {
    const reserved = (await items.get(nameKey(reservation))) as Reserved | undefined
    if (!reserved || !(await isFree(reservation, reserved))) return false
    return items.put(nameKey(reservation), reservedFor(reservation), standing(reserved))
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
