import type { Source } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { doOptionalWork } from '../conditional-writes.ts'
import { sourceNotFound } from '../http/api-error.ts'
import { requireStaying } from './change-source.ts'

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
