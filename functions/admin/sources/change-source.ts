import { loggableError } from '../../../shared/domain/failure/loggable-error.ts'
import type { Source } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { MAX_LOST_RACES } from '../conditional-writes.ts'
import { badRequest, conflict } from '../http/api-error.ts'

/** Throws ApiError 400 if the source is being deleted. */
export function requireStaying({ stopping }: Source): void {
  if (!stopping) return
  throw badRequest(
    'collectors.source.stopping',
    'The source is being deleted: it can be neither updated nor restarted. Create a new one.',
  )
}

/**
 * Changes the source by one conditional write. When other requests were faster, `change` is repeated with what they
 * wrote. It may throw; if it returns the same source, nothing is written. Returns the source as it is then, or undefined
 * if it is gone. Throws ApiError 409 if others are always faster.
 */
export async function changeSource(
  { registry }: Pick<AdminPorts, 'registry'>,
  source: Source,
  change: (stored: Source) => Source,
): Promise<Source | undefined> {
  let stored: Source | undefined = source
  for (let round = 0; stored && round < MAX_LOST_RACES; round++) {
    const changed = change(stored)
    if (changed === stored) return stored
    const next = { ...changed, version: stored.version + 1 }
    if (await registry.replaceSource(next, stored.version)) return next
    stored = await registry.source(source.collectorId, source.id)
  }
  if (stored) throw conflict()
  return undefined
}

/**
 * Does work that follows the commit. If it fails, the request does not fail, because the change is made already.
 * `consequence` tells the log what follows from the failure.
 */
export async function afterCommit(
  { log }: Pick<AdminPorts, 'log'>,
  { id: sourceId }: Pick<Source, 'id'>,
  consequence: string,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    log.warn(consequence, { sourceId, error: loggableError(error) })
  }
}
