import { loggableError } from '../../shared/domain/failure/loggable-error.ts'
import type { NameReservation } from '../../shared/ports.ts'
import type { AdminPorts } from './admin-ports.ts'
import { conflict, nameTaken } from './http/api-error.ts'

/** How often a change is repeated when other requests win. It is more than one instance can have at work at once. */
const MAX_LOST_RACES = 20

/**
 * Makes a change by a conditional write, and repeats it when other requests were faster: `change` then returns undefined.
 * Throws ApiError 409 if others are always faster, and what `change` throws.
 */
export async function repeatLostRaces<Written>(change: () => Promise<Written | undefined>): Promise<Written> {
  for (let round = 0; round < MAX_LOST_RACES; round++) {
    const written = await change()
    if (written !== undefined) return written
  }
  throw conflict()
}

/**
 * Does work that the request does not depend on, for instance because the change is made already. If it fails, only the
 * log is told: `consequence` says what follows from the failure, and `facts` about what.
 */
export async function doOptionalWork(
  { log }: AdminPorts,
  facts: Readonly<Record<string, number>>,
  consequence: string,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    log.warn(consequence, { ...facts, error: loggableError(error) })
  }
}

interface Claim extends Omit<NameReservation, 'nowMs'> {
  /** The name that the owner has already. */
  readonly present?: string
}

/**
 * Reserves a name, unless the owner has it already, and then prepares the change that makes it the owner's. If that fails,
 * the name is released. Throws ApiError 400 if the name belongs to another one, and what `prepare` throws.
 */
export async function claimName<Prepared>(
  ports: AdminPorts,
  { present, ...name }: Claim,
  prepare: () => Promise<Prepared>,
): Promise<Prepared> {
  const { clock, registry } = ports
  if (name.name === present) return prepare()
  if (!(await registry.reserveName({ ...name, nowMs: clock.now() }))) throw nameTaken()
  try {
    return await prepare()
  } catch (error) {
    const facts = { ownerId: name.ownerId }
    await doOptionalWork(ports, facts, 'a name stays reserved for a minute', () => registry.releaseName(name))
    throw error
  }
}

/** Releases the name that the owner had before the change. */
export async function releaseOldName(ports: AdminPorts, { present, ...name }: Claim): Promise<void> {
  if (present === undefined || present === name.name) return
  const facts = { ownerId: name.ownerId }
  await doOptionalWork(ports, facts, 'the old name stays reserved for a minute', () =>
    ports.registry.releaseName({ ...name, name: present }),
  )
}
