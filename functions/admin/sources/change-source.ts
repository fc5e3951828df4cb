import type { Source } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { badRequest, conflict } from '../http/api-error.ts'
import { MAX_LOST_RACES } from '../lost-races.ts'

/** For what cannot be done to a source that is being deleted. Throws ApiError 400. */
export function requireStaying({ stopping }: Source): void {
  if (!stopping) return
  throw badRequest(
    'collectors.source.stopping',
    'The source is being deleted: it can be neither updated nor restarted. Create a new one.',
  )
}

/**
 * One conditional write of what `change` makes of the source. When others were faster it is made anew of what they
 * wrote; `change` throws if that will not do, or answers the same source if nothing is left to write. Answers the source
 * as it then is, undefined if it is gone. Throws ApiError 409 if others always are faster.
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
