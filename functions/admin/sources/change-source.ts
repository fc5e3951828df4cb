import type { JsonObject } from '../../../shared/domain/source/request-section.ts'
import type { Source } from '../../../shared/domain/source/source.ts'
import {
  hasFilters,
  type SourceRules,
  type SourceSettings,
} from '../../../shared/domain/source/source-config.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { doOptionalWork, repeatLostRaces } from '../conditional-writes.ts'
import { badRequest, sourceNotFound } from '../http/api-error.ts'

/** What the settings in a request are checked by, beside what they say. */
export async function sourceRules(
  { clock, expressions, settings: { allowedHosts } }: AdminPorts,
  entity: JsonObject,
): Promise<SourceRules> {
  const compile = hasFilters(entity) ? await expressions.load() : undefined
  return { allowedHosts, nowMs: clock.now(), compile }
}

/** Returns the salt of a source that has, or had, processing rules. It stays the same for ever (`Source.markSalt`). */
export function chooseSalt({ random }: AdminPorts, { filters }: SourceSettings, present?: Source) {
  const markSalt = present?.markSalt ?? (filters && filters.length > 0 ? random.uuid() : undefined)
  return markSalt === undefined ? {} : { markSalt }
}

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

/**
 * Makes the token that the source names the current one of its secret. An earlier request may have died before it did
 * this. A new proposal takes the stage from a version that never was current, and Secrets Manager removes versions
 * without a stage.
 */
export const promoteNamed = (ports: AdminPorts, { id: sourceId, tokenVersion }: Source): Promise<void> =>
  doOptionalWork(ports, { sourceId }, 'the token in use is not the current one of its secret', () =>
    ports.tokenWriter.promoteToken(sourceId, tokenVersion),
  )

/** The secret is gone, and the new token repairs that. Throws ApiError if the source is gone too, or is being deleted. */
async function recreateSecret(
  { registry, tokenWriter }: AdminPorts,
  { collectorId, id }: Source,
  token: string,
) {
  const stored = await registry.source(collectorId, id)
  if (!stored) throw sourceNotFound()
  requireStaying(stored)
  return tokenWriter.createToken(id, token)
}

/**
 * Stores a new token, if there is one, as a version that nobody reads yet. Returns the version that the source must name.
 * Throws ApiError 404, and 400 if the source is being deleted.
 */
export async function proposeVersion(
  ports: AdminPorts,
  source: Source,
  token: string | undefined,
): Promise<string> {
  if (token === undefined) return source.tokenVersion
  await promoteNamed(ports, source)
  return (await ports.tokenWriter.proposeToken(source.id, token)) ?? recreateSecret(ports, source, token)
}
