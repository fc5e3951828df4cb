import { randomUUID } from 'node:crypto'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  type PutSecretValueCommandInput,
  paginateListSecretVersionIds,
  RestoreSecretCommand,
  type SecretsManagerClient,
  type SecretVersionsListEntry,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { maskedError } from '../domain/failure/masking.ts'
import type { TokenRemover, TokenWriter } from '../ports.ts'
import { CURRENT, isNamed, PROPOSED } from './secrets-manager.ts'

/** An error of AWS may quote the token, so the token is masked in the error that this throws. */
async function withMaskedErrors<T>(token: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw maskedError(error, [token])
  }
}

/**
 * If somebody has marked the secret for deletion (the console can do nothing else), it is restored and then written.
 */
async function put(client: SecretsManagerClient, input: PutSecretValueCommandInput): Promise<void> {
  try {
    await client.send(new PutSecretValueCommand(input))
  } catch (error) {
    if (!isNamed(error, 'InvalidRequestException')) throw error
    await client.send(new RestoreSecretCommand({ SecretId: input.SecretId }))
    await client.send(new PutSecretValueCommand(input))
  }
}

/** Creates the secret, or overwrites one that an earlier deployment left under its name. Returns the version. */
async function create(
  client: SecretsManagerClient,
  name: string,
  SecretString: string,
  KmsKeyId: string | undefined,
): Promise<string> {
  // The SDK sends the same request token with every try. So after a lost response AWS knows that the secret is ours.
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

/** Lists the versions without a stage, too: if two tokens are proposed at once, only one version keeps the stage. */
async function listVersions(client: SecretsManagerClient, name: string): Promise<SecretVersionsListEntry[]> {
  const found: SecretVersionsListEntry[] = []
  const query = { SecretId: name, IncludeDeprecated: true }
  for await (const { Versions = [] } of paginateListSecretVersionIds({ client }, query))
    found.push(...Versions)
  return found
}

const createdMs = (version: SecretVersionsListEntry | undefined): number =>
  version?.CreatedDate?.getTime() ?? 0

/** Does nothing for a source that names no version, because such a source uses the current one. */
async function promote(client: SecretsManagerClient, name: string, version: string): Promise<void> {
  if (version === '') return
  const versions = await listVersions(client, name)
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
 * Writes the tokens to Secrets Manager, one secret for each source. It never reads a token. It creates secrets under
 * the KMS key with this ARN, or under the one that AWS manages.
 */
export const tokenSecrets = (
  client: SecretsManagerClient,
  prefix: string,
  keyArn?: string | undefined,
): TokenWriter => ({
  createToken: (sourceId, token) =>
    withMaskedErrors(token, create(client, `${prefix}${sourceId}`, token, keyArn)),
  proposeToken: (sourceId, token) => withMaskedErrors(token, propose(client, `${prefix}${sourceId}`, token)),
  promoteToken: (sourceId, version) => promote(client, `${prefix}${sourceId}`, version),
})

/**
 * Deletes the secrets of tokens at once. During a recovery window a secret would still cost money, and would still hold
 * the token.
 */
export const tokenRemover = (client: SecretsManagerClient, prefix: string): TokenRemover => ({
  async removeToken(sourceId) {
    try {
      await client.send(
        new DeleteSecretCommand({ SecretId: `${prefix}${sourceId}`, ForceDeleteWithoutRecovery: true }),
      )
    } catch (error) {
      if (!isNamed(error, 'ResourceNotFoundException')) throw error
    }
  },
})
