import { randomUUID } from 'node:crypto'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import type { DestinationSecrets } from '../destination-ports.ts'
import { maskedError } from '../domain/failure/masking.ts'
import { isNamed } from './secrets-manager.ts'

/**
 * Reads the secret of a destination, as it is now: a user may have replaced it by hand. Returns undefined if it is gone or
 * is being deleted.
 */
export const destinationSecretReader =
  (client: SecretsManagerClient, prefix: string) =>
  async (name: string): Promise<string | undefined> => {
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: `${prefix}${name}` }))
      return SecretString
    } catch (error) {
      if (isNamed(error, 'ResourceNotFoundException', 'InvalidRequestException')) return undefined
      throw error
    }
  }

/** Writes and removes the secrets of destinations. It never reads one. Each value has a secret of its own. */
export const destinationSecrets = (
  client: SecretsManagerClient,
  prefix: string,
  KmsKeyId?: string | undefined,
): DestinationSecrets => ({
  async create(collectorId, value) {
    // The SDK sends the same request token with every try. So after a lost response AWS knows that the secret is ours.
    const ClientRequestToken = randomUUID()
    const name = `${collectorId}-${ClientRequestToken.slice(0, 8)}`
    const secret = { Name: `${prefix}${name}`, SecretString: value, ClientRequestToken, KmsKeyId }
    try {
      await client.send(new CreateSecretCommand(secret))
      return name
    } catch (error) {
      throw maskedError(error, [value])
    }
  },
  async remove(name) {
    try {
      await client.send(
        new DeleteSecretCommand({ SecretId: `${prefix}${name}`, ForceDeleteWithoutRecovery: true }),
      )
    } catch (error) {
      if (!isNamed(error, 'ResourceNotFoundException')) throw error
    }
  },
})
