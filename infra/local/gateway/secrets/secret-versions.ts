import { ServiceError } from '../service.ts'
import type { SecretVersion, StoredSecret } from './secret-store.ts'

const CURRENT = 'AWSCURRENT'
const PREVIOUS = 'AWSPREVIOUS'

export interface Selected extends SecretVersion {
  readonly id: string
}

/** A version by id or stage; the current one if neither is named. */
export function versionOf(
  secret: StoredSecret,
  id?: unknown,
  stage: unknown = id ? undefined : CURRENT,
): Selected {
  const found = Object.entries(secret.versions).find(
    ([versionId, { stages }]) =>
      (id === undefined || versionId === id) && (stage === undefined || stages.includes(String(stage))),
  )
  if (found) return { id: found[0], ...found[1] }
  const sought = id === undefined ? `staging label: ${stage}` : `VersionId: ${id}`
  const message = `Secrets Manager can't find the specified secret value for ${sought}`
  throw new ServiceError('ResourceNotFoundException', message)
}

/** The secret with a new current version. The same id again changes nothing, unless its value differs. */
export function withVersion(secret: StoredSecret, id: string, value: string, nowMs: number): StoredSecret {
  const existing = secret.versions[id]
  if (existing) {
    if (existing.value === value) return secret
    const message = `You can't modify a secret version. The version ${id} already exists with another value.`
    throw new ServiceError('ResourceExistsException', message)
  }
  const older = Object.entries(secret.versions).map(
    ([olderId, version]) => [olderId, demoted(version)] as const,
  )
  // A version without a stage is deprecated and gone sooner or later: here at once.
  const kept = older.filter(([, { stages }]) => stages.length > 0)
  return {
    ...secret,
    changedMs: nowMs,
    versions: { ...Object.fromEntries(kept), [id]: { value, stages: [CURRENT] } },
  }
}

const demoted = (version: SecretVersion): SecretVersion => ({
  ...version,
  stages: version.stages.filter(stage => stage === CURRENT).map(() => PREVIOUS),
})
