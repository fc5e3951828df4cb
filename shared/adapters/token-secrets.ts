import { randomUUID } from 'node:crypto'
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  type PutSecretValueCommandInput,
  paginateListSecretVersionIds,
  RestoreSecretCommand,
  type SecretsManagerClient,
  type SecretVersionsListEntry,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { maskedError } from '../domain/failure/loggable-error.ts'
import type { TokenWriter } from '../ports.ts'
import { CURRENT, PROPOSED } from './secret-stages.ts'

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name

async function unlessFails<T>(token: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw maskedError(error, [token])
  }
}

/** A secret that somebody marked for deletion (in the console nothing else is possible) is taken back and written. */
async function put(client: SecretsManagerClient, input: PutSecretValueCommandInput): Promise<void> {
  try {
    await client.send(new PutSecretValueCommand(input))
  } catch (error) {
    if (!isNamed(error, 'InvalidRequestException')) throw error
    await client.send(new RestoreSecretCommand({ SecretId: input.SecretId }))
    await client.send(new PutSecretValueCommand(input))
  }
}

/** Creates the secret, or writes over what an earlier deployment left under its name. Answers the version. */
async function create(
  client: SecretsManagerClient,
  name: string,
  SecretString: string,
  KmsKeyId: string | undefined,
): Promise<string> {
  // The same for all tries of the SDK: a try whose answer was lost is not taken for another's secret.
  const ClientRequestToken = randomUUID()
  try {
    await client.send(new CreateSecretCommand({ Name: name, SecretString, ClientRequestToken, KmsKeyId }))
  } catch (error) {
    const isLeft = isNamed(error, 'ResourceExistsException') || isNamed(error, 'InvalidRequestException')
    if (!isLeft) throw error
    await put(client, { SecretId: name, SecretString, ClientRequestToken })
  }
  return ClientRequestToken
}

async function propose(
  client: SecretsManagerClient,
  name: string,
  SecretString: string,
): Promise<string | undefined> {
  const ClientRequestToken = randomUUID()
  try {
    await put(client, { SecretId: name, SecretString, ClientRequestToken, VersionStages: [PROPOSED] })
    return ClientRequestToken
  } catch (error) {
    if (!isNamed(error, 'ResourceNotFoundException')) throw error
    return undefined
  }
}

/** Those without a stage too: of two proposals at once only one keeps it. */
async function versionsOf(client: SecretsManagerClient, name: string): Promise<SecretVersionsListEntry[]> {
  const found: SecretVersionsListEntry[] = []
  const query = { SecretId: name, IncludeDeprecated: true }
  for await (const { Versions = [] } of paginateListSecretVersionIds({ client }, query))
    found.push(...Versions)
  return found
}

const createdMs = (version: SecretVersionsListEntry | undefined): number =>
  version?.CreatedDate?.getTime() ?? 0

/** A source that names no version has the current one. */
async function promote(client: SecretsManagerClient, name: string, version: string): Promise<void> {
  if (version === '') return
  const versions = await versionsOf(client, name)
  const promoted = versions.find(({ VersionId }) => VersionId === version)
  const current = versions.find(({ VersionStages }) => VersionStages?.includes(CURRENT))
  if (promoted && (promoted === current || createdMs(promoted) < createdMs(current))) return
  await client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: name,
      VersionStage: CURRENT,
      MoveToVersionId: version,
      RemoveFromVersionId: current?.VersionId,
    }),
  )
}

/**
 * The tokens' secrets in Secrets Manager, one a source, written without ever being read. New ones are put under the KMS
 * key with this ARN, or the one that AWS manages.
 */
export const tokenSecrets = (
  client: SecretsManagerClient,
  prefix: string,
  keyArn?: string | undefined,
): TokenWriter => ({
  createToken: (sourceId, token) => unlessFails(token, create(client, `${prefix}${sourceId}`, token, keyArn)),
  proposeToken: (sourceId, token) => unlessFails(token, propose(client, `${prefix}${sourceId}`, token)),
  promoteToken: (sourceId, version) => promote(client, `${prefix}${sourceId}`, version),
})
