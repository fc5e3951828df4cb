import {
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { TOKEN_CACHE_MS } from '../contract/timing.ts'
import { failureBy, type RunFailure } from '../domain/failure/failure.ts'
import type { Clock, TokenReader } from '../ports.ts'

interface Cached {
  readonly version: string
  readonly token: string
  readonly untilMs: number
}

/** As it was read. */
interface Read {
  readonly version: string | undefined
  readonly token: string
  readonly createdMs: number
}

const isNamed = (error: unknown, ...names: string[]): boolean =>
  error instanceof Error && names.includes(error.name)

/** Of the secret or of the version in it. */
const isMissing = (error: unknown): boolean => isNamed(error, 'ResourceNotFoundException')

/** The second: somebody marked the secret for deletion. */
const isGone = (error: unknown): boolean => isMissing(error) || isNamed(error, 'InvalidRequestException')

const gone = (cause: unknown): RunFailure => failureBy({ kind: 'secret-gone' }, { cause })

async function unlessGone<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw isGone(error) ? gone(error) : error
  }
}

/** Tokens in Secrets Manager, one secret a source, kept in memory for minutes. Throws RunFailure if the secret is gone. */
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

  /** undefined: the source names none; Secrets Manager removes old versions; or the secret is gone. */
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
      const token = await unlessGone(readToken(sourceId, version))
      cache.set(sourceId, { version, token, untilMs: clock.now() + TOKEN_CACHE_MS })
      return token
    },
    newerToken: (sourceId, version) => unlessGone(readNewer(sourceId, version)),
    forget: sourceId => {
      cache.delete(sourceId)
    },
  }
}
