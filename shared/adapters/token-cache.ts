import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { TOKEN_CACHE_MS } from '../contract/timing.ts'
import { RunFailure } from '../domain/failure.ts'
import type { Clock, TokenReader } from '../ports.ts'

interface Cached {
  readonly token: string
  readonly untilMs: number
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ResourceNotFoundException'

const missing = (cause: unknown): RunFailure =>
  new RunFailure(
    'ThirdPartyConfig',
    401,
    'The secret with the API token of this source is gone. Update api_token.',
    {
      cause,
    },
  )

/** Tokens in Secrets Manager, one secret a source, kept in memory for minutes. Throws RunFailure if the secret is gone. */
export function tokenCache(client: SecretsManagerClient, prefix: string, clock: Clock): TokenReader {
  const cache = new Map<number, Cached>()

  async function read(sourceId: number): Promise<string> {
    try {
      const { SecretString = '' } = await client.send(
        new GetSecretValueCommand({ SecretId: `${prefix}${sourceId}` }),
      )
      cache.set(sourceId, { token: SecretString, untilMs: clock.now() + TOKEN_CACHE_MS })
      return SecretString
    } catch (error) {
      throw isMissing(error) ? missing(error) : error
    }
  }

  return {
    token: async sourceId => {
      const cached = cache.get(sourceId)
      return cached && cached.untilMs > clock.now() ? cached.token : read(sourceId)
    },
    forget: sourceId => {
      cache.delete(sourceId)
    },
  }
}
