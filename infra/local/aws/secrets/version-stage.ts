import type { JsonInput } from '../gateway/json-protocol.ts'
import { ServiceError } from '../gateway/service.ts'
import type { StoredSecret } from './secret-store.ts'
import { CURRENT, findStageHolder, findVersion, moveStage } from './secret-versions.ts'

const invalidParameter = (message: string): ServiceError =>
  new ServiceError('InvalidParameterException', message)

/**
 * A move must say which version has the stage. Otherwise it could take the stage from a version that somebody has just
 * put there.
 */
function requireRemoval(holder: string | undefined, stage: string, removeFrom: unknown): void {
  if (holder === removeFrom) return
  if (removeFrom === undefined) {
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
    )
  }
  throw invalidParameter(
    `The parameter RemoveFromVersionId is not valid. Staging label ${stage} isn't attached to version ${removeFrom}.`,
  )
}

/** Carries out UpdateSecretVersionStage, as far as it attaches or moves a stage. Detaching is not emulated. */
export function updateVersionStage(secret: StoredSecret, input: JsonInput, nowMs: number): StoredSecret {
  const { VersionStage: stage, MoveToVersionId: moveTo, RemoveFromVersionId: removeFrom } = input
  if (typeof stage !== 'string' || stage === '') throw invalidParameter('You must provide a VersionStage.')
  if (moveTo === undefined) {
    const only = stage === CURRENT ? `${CURRENT} can only be moved.` : 'The local stage only moves a stage.'
    throw invalidParameter(`You must provide a MoveToVersionId. ${only}`)
  }
  const { id } = findVersion(secret, moveTo)
  const holder = findStageHolder(secret.versions, stage)
  if (holder !== id) requireRemoval(holder, stage, removeFrom)
  return { ...secret, changedMs: nowMs, versions: moveStage(secret.versions, stage, id) }
}
