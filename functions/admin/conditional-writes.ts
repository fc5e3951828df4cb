import { loggableError } from '../../shared/domain/failure/loggable-error.ts'
import type { NameReservation } from '../../shared/ports.ts'
import type { AdminPorts } from './admin-ports.ts'
import { nameTaken } from './http/api-error.ts'

/** How often a change is repeated when other requests win. It is more than one instance can have at work at once. */
export const MAX_LOST_RACES = 20

/**
 * Reserves a name and then prepares its new owner. If that fails, the name is released. Throws ApiError 400 if the name
 * belongs to another one, and what `prepare` throws.
 */
export async function claimName<Prepared>(
  { log, registry }: Pick<AdminPorts, 'log' | 'registry'>,
  reservation: NameReservation,
  prepare: () => Promise<Prepared>,
): Promise<Prepared> {
  if (!(await registry.reserveName(reservation))) throw nameTaken()
  try {
    return await prepare()
  } catch (error) {
    await registry.releaseName(reservation).catch(failure => {
      log.warn('a name stays reserved for a minute', {
        ownerId: reservation.ownerId,
        error: loggableError(failure),
      })
    })
    throw error
  }
}
