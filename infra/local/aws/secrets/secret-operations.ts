import { randomBytes } from 'node:crypto'
import type { JsonInput } from '../gateway/json-protocol.ts'
import { ServiceError } from '../gateway/service.ts'
import type { Deployment } from '../template/model.ts'
import type { SecretStore, SecretVersion, StoredSecret } from './secret-store.ts'
import { addVersion, findVersion } from './secret-versions.ts'
import { updateVersionStage } from './version-stage.ts'

export interface SecretsContext {
  readonly deployment: Pick<Deployment, 'region' | 'account'>
  readonly clock: { now(): number }
  readonly store: SecretStore
}

interface SecretOperation {
  /** Members of the request that are emulated. */
  readonly members: readonly string[]
  readonly run: (input: JsonInput, context: SecretsContext) => object
}

const DAY_MS = 86_400_000

export const SECRET_OPERATIONS: Readonly<Record<string, SecretOperation>> = {
  CreateSecret: {
    members: ['Name', 'ClientRequestToken', 'Description', 'KmsKeyId', 'SecretString'],
    run: createSecret,
  },
  GetSecretValue: { members: ['SecretId', 'VersionId', 'VersionStage'], run: getSecretValue },
  PutSecretValue: {
    members: ['SecretId', 'ClientRequestToken', 'SecretString', 'VersionStages'],
    run: putSecretValue,
  },
  UpdateSecretVersionStage: {
    members: ['SecretId', 'VersionStage', 'MoveToVersionId', 'RemoveFromVersionId'],
    run: updateSecretVersionStage,
  },
  DeleteSecret: {
    members: ['SecretId', 'ForceDeleteWithoutRecovery', 'RecoveryWindowInDays'],
    run: deleteSecret,
  },
  RestoreSecret: { members: ['SecretId'], run: restoreSecret },
  DescribeSecret: { members: ['SecretId'], run: describeSecret },
  ListSecretVersionIds: { members: ['SecretId', 'IncludeDeprecated'], run: listSecretVersionIds },
}

/** Returns the secret. Removes it instead if its recovery window has passed. */
export function findSecret(
  id: string,
  { store, clock }: Pick<SecretsContext, 'store' | 'clock'>,
): StoredSecret | undefined {
  const secret = store.find(id)
  if ((secret?.deletionMs ?? Number.POSITIVE_INFINITY) > clock.now()) return secret
  if (secret) store.remove(secret.name)
  return undefined
}

function createSecret(input: JsonInput, context: SecretsContext): object {
  const {
    Name: name,
    ClientRequestToken: token,
    SecretString: value,
    Description: description,
    KmsKeyId: keyArn,
  } = input
  if (typeof name !== 'string' || !/^[\w/+=.@-]{1,512}$/.test(name)) throw invalidParameter('Invalid name.')
  const existing = findSecret(name, context)
  if (existing) return toCreatedAnswer(existing, token, value)
  const { deployment, clock, store } = context
  const secret: StoredSecret = {
    name,
    arn: `${toSecretArn(deployment, name)}-${randomBytes(4).toString('hex').slice(0, 6)}`,
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof keyArn === 'string' ? { keyArn } : {}),
    createdMs: clock.now(),
    changedMs: clock.now(),
    versions: {},
  }
  const complete =
    typeof value === 'string' ? addVersion(secret, parseToken(token), value, clock.now()) : secret
  store.put(complete)
  return toCreatedAnswer(complete, token, value)
}

/** If CreateSecret is called again with the same token and value, it returns the same as the first time. */
function toCreatedAnswer(secret: StoredSecret, token: unknown, value: unknown): object {
  if (secret.deletionMs !== undefined) {
    const reason =
      "You can't create this secret because a secret with this name is already scheduled for deletion."
    throw new ServiceError('InvalidRequestException', reason)
  }
  const known = secret.versions[String(token)]
  if (value !== undefined && known?.value !== value) {
    const message = `The operation failed because the secret ${secret.name} already exists.`
    throw new ServiceError('ResourceExistsException', message)
  }
  return { ARN: secret.arn, Name: secret.name, ...(known ? { VersionId: String(token) } : {}) }
}

function getSecretValue(input: JsonInput, context: SecretsContext): object {
  const secret = requireUsableSecret(input, context)
  const version = findVersion(secret, input['VersionId'], input['VersionStage'])
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    SecretString: version.value,
    VersionStages: version.stages,
    CreatedDate: toCreatedSeconds(secret, version),
  }
}

function putSecretValue(input: JsonInput, context: SecretsContext): object {
  const { ClientRequestToken: token, SecretString: value, VersionStages: stages } = input
  if (typeof value !== 'string')
    throw invalidParameter('You must provide either SecretString or SecretBinary.')
  const id = parseToken(token)
  const next = addVersion(
    requireUsableSecret(input, context),
    id,
    value,
    context.clock.now(),
    parseStages(stages),
  )
  context.store.put(next)
  return { ARN: next.arn, Name: next.name, VersionId: id, VersionStages: next.versions[id]?.stages ?? [] }
}

function parseStages(stages: unknown): readonly string[] | undefined {
  if (stages === undefined) return undefined
  const isList = Array.isArray(stages) && stages.length > 0
  if (isList && stages.every(stage => typeof stage === 'string' && /^.{1,256}$/.test(stage))) return stages
  throw invalidParameter('VersionStages must be staging labels of 1 to 256 characters.')
}

function updateSecretVersionStage(input: JsonInput, context: SecretsContext): object {
  const moved = updateVersionStage(requireUsableSecret(input, context), input, context.clock.now())
  context.store.put(moved)
  return { ARN: moved.arn, Name: moved.name }
}

function restoreSecret(input: JsonInput, context: SecretsContext): object {
  const { deletionMs: _, ...secret } = requireSecret(input, context)
  context.store.put(secret)
  return { ARN: secret.arn, Name: secret.name }
}

function deleteSecret(input: JsonInput, context: SecretsContext): object {
  const { SecretId: id, ForceDeleteWithoutRecovery: force, RecoveryWindowInDays: days = 30 } = input
  if (force && input['RecoveryWindowInDays'] !== undefined) {
    throw invalidParameter(
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    )
  }
  if (typeof days !== 'number' || days < 7 || days > 30) {
    throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).')
  }
  const nowMs = context.clock.now()
  if (force) {
    const gone = findSecret(String(id), context)
    if (gone) context.store.remove(gone.name)
    return {
      ARN: gone?.arn ?? toSecretArn(context.deployment, String(id)),
      Name: gone?.name ?? id,
      DeletionDate: nowMs / 1000,
    }
  }
  const secret = requireUsableSecret(input, context)
  const deletionMs = nowMs + days * DAY_MS
  context.store.put({ ...secret, deletionMs })
  return { ARN: secret.arn, Name: secret.name, DeletionDate: deletionMs / 1000 }
}

function describeSecret(input: JsonInput, context: SecretsContext): object {
  const secret = requireSecret(input, context)
  const stages = Object.entries(secret.versions)
    .map(([id, version]) => [id, version.stages] as const)
    .filter(([, labels]) => labels.length > 0)
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description === undefined ? {} : { Description: secret.description }),
    ...(secret.keyArn === undefined ? {} : { KmsKeyId: secret.keyArn }),
    CreatedDate: secret.createdMs / 1000,
    LastChangedDate: secret.changedMs / 1000,
    ...(secret.deletionMs === undefined ? {} : { DeletedDate: secret.deletionMs / 1000 }),
    VersionIdsToStages: Object.fromEntries(stages),
  }
}

/** Returns all versions in one answer. A secret has hardly more versions than a page of AWS holds. */
function listSecretVersionIds(input: JsonInput, context: SecretsContext): object {
  const secret = requireSecret(input, context)
  const versions = Object.entries(secret.versions)
    .filter(([, { stages }]) => input['IncludeDeprecated'] === true || stages.length > 0)
    .map(([id, version]) => ({
      VersionId: id,
      ...(version.stages.length > 0 && { VersionStages: version.stages }),
      CreatedDate: toCreatedSeconds(secret, version),
    }))
  return { ARN: secret.arn, Name: secret.name, Versions: versions }
}

const toCreatedSeconds = (secret: StoredSecret, version: SecretVersion): number =>
  (version.createdMs ?? secret.createdMs) / 1000

function requireSecret(input: JsonInput, context: SecretsContext): StoredSecret {
  const secret = findSecret(String(input['SecretId']), context)
  if (secret) return secret
  throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
}

function requireUsableSecret(input: JsonInput, context: SecretsContext): StoredSecret {
  const secret = requireSecret(input, context)
  if (secret.deletionMs === undefined) return secret
  const reason = "You can't perform this operation on the secret because it was marked for deletion."
  throw new ServiceError('InvalidRequestException', reason)
}

export const toSecretArn = ({ region, account }: SecretsContext['deployment'], id: string): string =>
  id.startsWith('arn:') ? id : `arn:aws:secretsmanager:${region}:${account}:secret:${id}`

function parseToken(token: unknown): string {
  if (typeof token === 'string' && token.length >= 32 && token.length <= 64) return token
  throw invalidParameter('You must provide a ClientRequestToken value of 32 to 64 characters.')
}

const invalidParameter = (message: string): ServiceError =>
  new ServiceError('InvalidParameterException', message)
