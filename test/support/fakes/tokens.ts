import { TOKEN_CACHE_MS } from '../../../shared/contract/timing.ts'
import { RunFailure } from '../../../shared/domain/failure.ts'
import type { Clock, TokenReader } from '../../../shared/ports.ts'

/** Tokens in memory: `secrets` is what Secrets Manager holds, by source. */
export function fakeTokens(secrets: ReadonlyMap<number, string>, clock: Clock): TokenReader {
  const cache = new Map<number, { readonly token: string; readonly untilMs: number }>()
  return {
    async token(sourceId) {
      const cached = cache.get(sourceId)
      if (cached && cached.untilMs > clock.now()) return cached.token
      const token = secrets.get(sourceId)
      if (token === undefined) throw new RunFailure('ThirdPartyConfig', 401, 'The secret is gone.')
      cache.set(sourceId, { token, untilMs: clock.now() + TOKEN_CACHE_MS })
      return token
    },
    forget: sourceId => void cache.delete(sourceId),
  }
}
