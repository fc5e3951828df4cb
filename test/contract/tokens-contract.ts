import { describe, expect, it } from 'vitest'
import { TOKEN_CACHE_MS } from '../../shared/contract/timing.ts'
import type { TokenReader } from '../../shared/ports.ts'
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts'

/** What every reader of tokens must do; `secrets` is what is stored, by source. */
export function tokensContract(
  kind: string,
  open: (secrets: ReadonlyMap<number, string>, clock: FakeClock) => TokenReader,
): void {
  describe(`tokens ${kind}`, () => {
    function world() {
      const secrets = new Map([
        [1, 'token of 1'],
        [2, 'token of 2'],
      ])
      const clock = fakeClock()
      return { secrets, clock, tokens: open(secrets, clock) }
    }

    it('tells the token of each source', async () => {
      const { tokens } = world()
      expect([await tokens.token(1), await tokens.token(2)]).toEqual(['token of 1', 'token of 2'])
    })

    it('keeps a token for five minutes and not longer', async () => {
      const { tokens, secrets, clock } = world()
      await tokens.token(1)
      secrets.set(1, 'new')
      clock.advance(TOKEN_CACHE_MS - 1)
      expect(await tokens.token(1)).toBe('token of 1')
      clock.advance(1)
      expect(await tokens.token(1)).toBe('new')
    })

    it('reads a token anew once it was forgotten, and that one alone', async () => {
      const { tokens, secrets } = world()
      await tokens.token(1)
      await tokens.token(2)
      secrets.set(1, 'new').set(2, 'also new')
      tokens.forget(1)
      tokens.forget(99)
      expect([await tokens.token(1), await tokens.token(2)]).toEqual(['new', 'token of 2'])
    })

    it('says that a secret is gone as a fault of the configuration, and finds it when it is back', async () => {
      const { tokens, secrets } = world()
      await expect(tokens.token(3)).rejects.toMatchObject({
        name: 'RunFailure',
        type: 'ThirdPartyConfig',
        code: 401,
      })
      secrets.set(3, 'back')
      expect(await tokens.token(3)).toBe('back')
    })
  })
}
