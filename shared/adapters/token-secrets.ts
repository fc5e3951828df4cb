import { randomUUID } from 'node:crypto'
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { TOKEN_MASK } from '../domain/api-token.ts'
import type { TokenWriter } from '../ports.ts'

const exists = (error: unknown): boolean => error instanceof Error && error.name === 'ResourceExistsException'

/** AWS quotes what it refuses: the error that travels on into the log must not hold the token. */
function masked(error: unknown, token: string): Error {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) }
  return Object.assign(new Error(message.replaceAll(token, TOKEN_MASK)), { name })
}

/** The tokens' secrets in Secrets Manager, one a source. */
export function tokenSecrets(client: SecretsManagerClient, prefix: string): TokenWriter {
  async function store(name: string, SecretString: string): Promise<void> {
    // The same for all tries of the SDK: a try whose answer was lost is not taken for another's secret.
    const ClientRequestToken = randomUUID()
    try {
      await client.send(new CreateSecretCommand({ Name: name, SecretString, ClientRequestToken }))
    } catch (error) {
      if (!exists(error)) throw error
      await client.send(new PutSecretValueCommand({ SecretId: name, SecretString, ClientRequestToken }))
    }
  }

  return {
    async createToken(sourceId, token) {
      try {
        await store(`${prefix}${sourceId}`, token)
      } catch (error) {
        throw masked(error, token)
      }
    },
  }
}
