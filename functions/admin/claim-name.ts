import type { NameReservation } from '../../shared/ports.ts'
import type { AdminPorts } from './admin-ports.ts'
import { nameTaken } from './http/api-error.ts'

/**
 * Reserves a name and then prepares what is to bear it. Should that fail, the name is free again. Throws ApiError 400 if
 * it is another's, and what `prepare` throws.
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
        error: String(failure),
      })
    })
    throw error
  }
}
