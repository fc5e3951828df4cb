import { ServiceError } from '../gateway/service.ts'
import type { SecretVersion, StoredSecret } from './secret-store.ts'

export const CURRENT = 'AWSCURRENT'
const PREVIOUS = 'AWSPREVIOUS'

/** AWS: "Secrets Manager quotas". */
const MAX_STAGES = 20
const MAX_VERSIONS = 100
const DAY_MS = 86_400_000

interface Selected extends SecretVersion {
  readonly id: string
}

type Versions = StoredSecret['versions']

/** Finds a version by id or stage. Returns the current version if neither is named. */
export function findVersion(
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

/** Returns the version that a stage is attached to. */
export const findStageHolder = (versions: Versions, stage: string): string | undefined =>
  Object.keys(versions).find(id => versions[id]?.stages.includes(stage))

const attachStage = (versions: Versions, stage: string, id: string): Versions =>
  Object.fromEntries(
    Object.entries(versions).map(([versionId, version]) => {
      const others = version.stages.filter(one => one !== stage)
      return [versionId, { ...version, stages: versionId === id ? [...others, stage] : others }]
    }),
  )

/** Moves a stage to a version. The version that AWSCURRENT leaves becomes AWSPREVIOUS. */
export function moveStage(versions: Versions, stage: string, id: string): Versions {
  const holder = findStageHolder(versions, stage)
  if (holder === id) return versions
  const moved = attachStage(versions, stage, id)
  return stage === CURRENT && holder !== undefined ? attachStage(moved, PREVIOUS, holder) : moved
}

/** A version without a stage is deprecated. It is removed if there are too many versions, but not on its first day. */
function removeSurplus(versions: Versions, nowMs: number): Versions {
  const deprecated = Object.entries(versions)
    .filter(([, { stages, createdMs = 0 }]) => stages.length === 0 && nowMs - createdMs > DAY_MS)
    .sort(([, a], [, b]) => (a.createdMs ?? 0) - (b.createdMs ?? 0))
  const surplus = Math.max(0, Object.keys(versions).length - MAX_VERSIONS)
  const gone = new Set(deprecated.slice(0, surplus).map(([id]) => id))
  return Object.fromEntries(Object.entries(versions).filter(([id]) => !gone.has(id)))
}

function requireRoom(versions: Versions): void {
  const stages = new Set(Object.values(versions).flatMap(version => version.stages))
  if (stages.size <= MAX_STAGES) return
  const message = `You've exceeded the limit of ${MAX_STAGES} staging labels in one secret.`
  throw new ServiceError('LimitExceededException', message)
}

/**
 * Adds a version in these stages. The same id with the same value again changes nothing, and with another value throws.
 */
export function addVersion(
  secret: StoredSecret,
  id: string,
  value: string,
  nowMs: number,
  stages: readonly string[] = [CURRENT],
): StoredSecret {
  const existing = secret.versions[id]
  if (existing) {
    if (existing.value === value) return secret
    const message = `You can't modify a secret version. The version ${id} already exists with another value.`
    throw new ServiceError('ResourceExistsException', message)
  }
  const added: Versions = { ...secret.versions, [id]: { value, stages: [], createdMs: nowMs } }
  // The first version of a secret is always its current one.
  const first = findStageHolder(added, CURRENT) === undefined ? [CURRENT] : []
  const versions = [...new Set([...stages, ...first])].reduce(
    (all, stage) => moveStage(all, stage, id),
    added,
  )
  requireRoom(versions)
  return { ...secret, changedMs: nowMs, versions: removeSurplus(versions, nowMs) }
}
