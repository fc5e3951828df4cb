import { randomUUID } from 'node:crypto'
import { TOKEN_CACHE_MS } from '../../../shared/contract/timing.ts'
import { createFailure } from '../../../shared/domain/failure/failure.ts'
import type { Clock, TokenReader, TokenRemover, TokenWriter } from '../../../shared/ports.ts'

export interface FakeSecret {
  readonly current: string
  /** Tokens by version, the oldest first. */
  readonly versions: Readonly<Record<string, string>>
}

/** The secrets in Secrets Manager, by source. */
export type FakeSecrets = Map<number, FakeSecret>

/** Creates a secret with one version. */
export const secretOf = (token: string, version: string = randomUUID()): FakeSecret => ({
  current: version,
  versions: { [version]: token },
})

/** Whether one version is newer than another. Every version is newer than one that has been removed. */
function isAfter(versions: FakeSecret['versions'], version: string, other: string): boolean {
  const inOrder = Object.keys(versions)
  return inOrder.indexOf(version) > inOrder.indexOf(other)
}

/** Tokens in memory, cached as the real reader does. */
export function fakeTokens(secrets: FakeSecrets, clock: Pick<Clock, 'now'>): TokenReader {
  const cache = new Map<
    number,
    { readonly version: string; readonly token: string; readonly untilMs: number }
  >()

  function findSecret(sourceId: number): FakeSecret {
    const secret = secrets.get(sourceId)
    if (secret) return secret
    throw createFailure({ kind: 'secret-gone' })
  }

  function read(sourceId: number, version: string): string {
    const { current, versions } = findSecret(sourceId)
    return versions[version] ?? versions[current] ?? ''
  }

  return {
    async token(sourceId, version) {
      const cached = cache.get(sourceId)
      if (cached?.version === version && cached.untilMs > clock.now()) return cached.token
      const token = read(sourceId, version)
      cache.set(sourceId, { version, token, untilMs: clock.now() + TOKEN_CACHE_MS })
      return token
    },
    async newerToken(sourceId, version) {
      const { current, versions } = findSecret(sourceId)
      return isAfter(versions, current, version) ? versions[current] : undefined
    },
    forget: sourceId => void cache.delete(sourceId),
  }
}

/** Writes into the secrets that `fakeTokens` reads. */
export function fakeTokenWriter(secrets: FakeSecrets, newVersion: () => string = randomUUID): TokenWriter {
  const add = (sourceId: number, token: string, isCurrent: boolean): string => {
    const version = newVersion()
    const { current, versions } = secrets.get(sourceId) ?? { current: version, versions: {} }
    secrets.set(sourceId, {
      current: isCurrent ? version : current,
      versions: { ...versions, [version]: token },
    })
    return version
  }
  return {
    createToken: async (sourceId, token) => add(sourceId, token, true),
    proposeToken: async (sourceId, token) =>
      secrets.has(sourceId) ? add(sourceId, token, false) : undefined,
    async promoteToken(sourceId, version) {
      const secret = secrets.get(sourceId)
      if (secret?.versions[version] === undefined) throw new Error('the secret has no such version')
      if (isAfter(secret.versions, secret.current, version)) return
      secrets.set(sourceId, { ...secret, current: version })
    },
  }
}

export const fakeTokenRemover = (secrets: FakeSecrets): TokenRemover => ({
  removeToken: async sourceId => void secrets.delete(sourceId),
})
