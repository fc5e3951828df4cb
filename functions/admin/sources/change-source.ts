import type { Source } from '../../../shared/domain/source/source.ts'
import type { SourceRules } from '../../../shared/domain/source/source-config.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { repeatLostRaces } from '../conditional-writes.ts'
import { badRequest } from '../http/api-error.ts'

/** What the settings of a source are checked by, beside what they say. */
export const sourceRules = ({ clock, settings: { allowedHosts } }: AdminPorts): SourceRules => ({
  allowedHosts,
  nowMs: clock.now(),
})

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
 * wrote. It may throw; if it returns the same source, nothing is written. Returns the source as it is then, or null if it
 * is gone. Throws ApiError 409 if others are always faster.
 */
export function changeSource(
  { registry }: AdminPorts,
  source: Source,
  change: (stored: Source) => Source,
): Promise<Source | null> {
  let stored: Source | undefined = source
  return repeatLostRaces(async () => {
    if (!stored) return null
    const changed = change(stored)
    if (changed === stored) return stored
    const next = { ...changed, version: stored.version + 1 }
    if (await registry.replaceSource(next, stored.version)) return next
    stored = await registry.source(source.collectorId, source.id)
    return undefined
  })
}
