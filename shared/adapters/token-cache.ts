import {
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { TOKEN_CACHE_MS } from '../contract/timing.ts'
import { createFailure, type RunFailure } from '../domain/failure/failure.ts'
import type { Clock, TokenReader } from '../ports.ts'
import { isNamed } from './secrets-manager.ts'

interface Cached {
  readonly version: string
  readonly token: string
  readonly untilMs: number
}

/** A version of a secret. */
interface Read {
  readonly version: string | undefined
  readonly token: string
  readonly createdMs: number
}

/** The secret does not exist, or the version in it does not. */
const isMissing = (error: unknown): boolean => isNamed(error, 'ResourceNotFoundException')

/** AWS gives the second error if somebody has marked the secret for deletion. */
const isGone = (error: unknown): boolean => isMissing(error) || isNamed(error, 'InvalidRequestException')

const secretGone = (cause: unknown): RunFailure => createFailure({ kind: 'secret-gone' }, { cause })

/** Turns the error for a missing secret into a RunFailure. */
async function failIfGone<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw isGone(error) ? secretGone(error) : error
  }
}

/**
 * Reads tokens from Secrets Manager, one secret for each source, and keeps them in memory for TOKEN_CACHE_MS. Throws
 * RunFailure if the secret is gone.
 */
export function tokenCache(client: SecretsManagerClient, prefix: string, clock: Clock): TokenReader {
  const cache = new Map<number, Cached>()

  async function read(
    sourceId: number,
    which: Pick<GetSecretValueCommandInput, 'VersionId'> = {},
  ): Promise<Read> {
    const input = { SecretId: `${prefix}${sourceId}`, ...which }
    const { VersionId, SecretString = '', CreatedDate } = await client.send(new GetSecretValueCommand(input))
    return { version: VersionId, token: SecretString, createdMs: CreatedDate?.getTime() ?? 0 }
  }

  /** Returns undefined if the source names no version, if Secrets Manager has removed it, or if the secret is gone. */
  async function readVersion(sourceId: number, version: string): Promise<Read | undefined> {
    if (version === '') return undefined
    return await read(sourceId, { VersionId: version }).catch(error => {
      if (isMissing(error)) return undefined
      throw error
    })
  }

  const readToken = async (sourceId: number, version: string): Promise<string> =>
    ((await readVersion(sourceId, version)) ?? (await read(sourceId))).token

  async function readNewer(sourceId: number, version: string): Promise<string | undefined> {
    const current = await read(sourceId)
    if (current.version === version) return undefined
    const named = await readVersion(sourceId, version)
    return named && current.createdMs <= named.createdMs ? undefined : current.token
  }

  return {
    async token(sourceId, version) {
      const cached = cache.get(sourceId)
      if (cached?.version === version && cached.untilMs > clock.now()) return cached.token
      const token = await failIfGone(readToken(sourceId, version))
      cache.set(sourceId, { version, token, untilMs: clock.now() + TOKEN_CACHE_MS })
      return token
    },
    newerToken: (sourceId, version) => failIfGone(readNewer(sourceId, version)),
    forget: sourceId => {
      cache.delete(sourceId)
    },
  }
}
