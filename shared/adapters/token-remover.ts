import { DeleteSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { TokenRemover } from '../ports.ts'

/** Deletes tokens' secrets at once: one in a recovery window would still be paid for, and would hold the token. */
export const tokenRemover = (client: SecretsManagerClient, prefix: string): TokenRemover => ({
  async removeToken(sourceId) {
    try {
      await client.send(
        new DeleteSecretCommand({ SecretId: `${prefix}${sourceId}`, ForceDeleteWithoutRecovery: true }),
      )
    } catch (error) {
      if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error
    }
  },
})
