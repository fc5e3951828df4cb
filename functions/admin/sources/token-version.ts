import type { Source } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { sourceNotFound } from '../http/api-error.ts'
import { afterCommit } from './after-commit.ts'
import { requireStaying } from './change-source.ts'

/**
 * Makes the token that the source names the current one of its secret. An earlier request may have died before it did;
 * a proposal takes the only stage of a version that never was current, and Secrets Manager removes those without one.
 */
export const promoteNamed = (ports: AdminPorts, source: Source): Promise<void> =>
  afterCommit(ports, source, 'the token in use is not the current one of its secret', () =>
    ports.tokenWriter.promoteToken(source.id, source.tokenVersion),
  )

/** The secret is gone: a new token is how a user puts that right. Not for a source that is going, or gone with it. */
async function makeAnew(ports: AdminPorts, { collectorId, id }: Source, token: string): Promise<string> {
  const stored = await ports.registry.source(collectorId, id)
  if (!stored) throw sourceNotFound()
  requireStaying(stored)
  return ports.tokenWriter.createToken(id, token)
}

/**
 * The version for the source to name: a new one, which nobody reads before, or its own. Throws ApiError 404 and 400 if
 * the source is being deleted.
 */
export async function proposedVersion(
  ports: AdminPorts,
  source: Source,
  token: string | undefined,
): Promise<string> {
  if (token === undefined) return source.tokenVersion
  await promoteNamed(ports, source)
  return (await ports.tokenWriter.proposeToken(source.id, token)) ?? makeAnew(ports, source, token)
}
