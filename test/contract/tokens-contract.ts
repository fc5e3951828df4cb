import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { TOKEN_CACHE_MS } from '../../shared/contract/timing.ts'
import type { TokenReader, TokenRemover, TokenWriter } from '../../shared/ports.ts'
import { type FakeClock, fakeClock } from '../support/fakes/clock.ts'

export interface TokenPorts {
  readonly reader: TokenReader
  readonly writer: TokenWriter
  readonly remover: TokenRemover
}

const GONE = { name: 'RunFailure', type: 'ThirdPartyConfig', code: 401 }

/** Reads the current token: it is returned for any version that the secret does not have. */
const readCurrent = (reader: TokenReader, sourceId = 1): Promise<string> =>
  reader.token(sourceId, randomUUID())

async function propose(writer: TokenWriter, token: string): Promise<string> {
  const version = await writer.proposeToken(1, token)
  if (version === undefined) throw new Error('the secret is gone')
  return version
}

function versionContract(world: () => Promise<TokenPorts>): void {
  it('returns the token of each source', async () => {
    const { reader, writer } = await world()
    const [one, two] = [await writer.createToken(1, 'token of 1'), await writer.createToken(2, 'token of 2')]
    expect([await reader.token(1, one), await reader.token(2, two)]).toEqual(['token of 1', 'token of 2'])
    expect([await readCurrent(reader, 1), await readCurrent(reader, 2)]).toEqual(['token of 1', 'token of 2'])
  })

  it('proposes a token that is read only by its version', async () => {
    const { reader, writer } = await world()
    const old = await writer.createToken(1, 'old')
    const proposed = await propose(writer, 'new')
    expect([await readCurrent(reader), await reader.token(1, old)]).toEqual(['old', 'old'])
    expect(await reader.token(1, proposed)).toBe('new')
  })

  it('makes a version current, also twice, and keeps the previous one', async () => {
    const { reader, writer } = await world()
    const old = await writer.createToken(1, 'old')
    const proposed = await propose(writer, 'new')
    await writer.promoteToken(1, proposed)
    await writer.promoteToken(1, proposed)
    expect([await readCurrent(reader), await reader.token(1, old)]).toEqual(['new', 'old'])
  })

  it('keeps every proposal, because either of two writers may win', async () => {
    const { reader, writer } = await world()
    await writer.createToken(1, 'old')
    const [first, second] = [await propose(writer, 'first'), await propose(writer, 'second')]
    expect([await reader.token(1, first), await reader.token(1, second)]).toEqual(['first', 'second'])
    await writer.promoteToken(1, first)
    expect(await readCurrent(reader)).toBe('first')
    await expect(writer.promoteToken(1, 'no-such-version-of-this-secret-0')).rejects.toThrow()
  })

  it('makes two versions if the same token is put twice', async () => {
    const { writer } = await world()
    const created = await writer.createToken(1, 'same')
    expect(await writer.proposeToken(1, 'same')).not.toBe(created)
  })
}

function orderContract(world: () => Promise<TokenPorts>): void {
  it('does not make a version current if the current one is newer, because a user put that one there by hand', async () => {
    const { reader, writer } = await world()
    await writer.createToken(1, 'old')
    const proposed = await propose(writer, 'new')
    await writer.createToken(1, 'by hand')
    await writer.promoteToken(1, proposed)
    expect(await readCurrent(reader)).toBe('by hand')
    await writer.promoteToken(1, await propose(writer, 'newest'))
    expect(await readCurrent(reader)).toBe('newest')
  })

  it('returns the current token only to callers that name an older one', async () => {
    const { reader, writer } = await world()
    const old = await writer.createToken(1, 'old')
    const proposed = await propose(writer, 'new')
    expect([await reader.newerToken(1, old), await reader.newerToken(1, proposed)]).toEqual([
      undefined,
      undefined,
    ])
    const byHand = await writer.createToken(1, 'by hand')
    expect([await reader.newerToken(1, old), await reader.newerToken(1, proposed)]).toEqual([
      'by hand',
      'by hand',
    ])
    expect(await reader.newerToken(1, byHand)).toBeUndefined()
    expect(await reader.newerToken(1, randomUUID())).toBe('by hand')
  })

  it('never caches the newer token, because there may be another one by now', async () => {
    const { reader, writer } = await world()
    const old = await writer.createToken(1, 'old')
    for (const token of ['one', 'two']) {
      await writer.createToken(1, token)
      expect(await reader.newerToken(1, old)).toBe(token)
    }
  })
}

function removalContract(world: () => Promise<TokenPorts>): void {
  it('replaces what an earlier deployment left', async () => {
    const { reader, writer } = await world()
    await writer.createToken(1, 'left')
    const version = await writer.createToken(1, 'new')
    expect([await reader.token(1, version), await readCurrent(reader)]).toEqual(['new', 'new'])
  })

  it('removes a token at once and for good, also if the call is repeated, and accepts a new one for the same id', async () => {
    const { reader, writer, remover } = await world()
    const old = await writer.createToken(1, 'old')
    await remover.removeToken(1)
    await remover.removeToken(1)
    await expect(reader.token(1, old)).rejects.toMatchObject(GONE)
    await expect(reader.newerToken(1, old)).rejects.toMatchObject(GONE)
    const version = await writer.createToken(1, 'new')
    expect(await reader.token(1, version)).toBe('new')
  })

  it('returns the current token if the secret no longer has the version', async () => {
    const { reader, writer, remover } = await world()
    const old = await writer.createToken(1, 'old')
    await remover.removeToken(1)
    await writer.createToken(1, 'put there again by hand')
    expect(await reader.token(1, old)).toBe('put there again by hand')
  })

  it('if the secret is gone, proposes nothing and creates none', async () => {
    const { reader, writer } = await world()
    expect(await writer.proposeToken(1, 'new')).toBeUndefined()
    await expect(readCurrent(reader)).rejects.toMatchObject(GONE)
  })
}

function cacheContract(world: () => Promise<TokenPorts & { readonly clock: FakeClock }>): void {
  it('caches a token for the time in timing.ts and not longer', async () => {
    const { reader, writer, remover, clock } = await world()
    const version = await writer.createToken(1, 'token')
    await reader.token(1, version)
    await remover.removeToken(1)
    clock.advance(TOKEN_CACHE_MS - 1)
    expect(await reader.token(1, version)).toBe('token')
    clock.advance(1)
    await expect(reader.token(1, version)).rejects.toMatchObject(GONE)
  })

  it('never returns the cached token of one version for another', async () => {
    const { reader, writer } = await world()
    const old = await writer.createToken(1, 'old')
    await reader.token(1, old)
    const version = await propose(writer, 'new')
    expect([await reader.token(1, version), await reader.token(1, old)]).toEqual(['new', 'old'])
  })

  it('reads a forgotten token again, and only that one', async () => {
    const { reader, writer, remover } = await world()
    const [one, two] = [await writer.createToken(1, 'one'), await writer.createToken(2, 'two')]
    await Promise.all([reader.token(1, one), reader.token(2, two)])
    await Promise.all([remover.removeToken(1), remover.removeToken(2)])
    reader.forget(1)
    reader.forget(99)
    await expect(reader.token(1, one)).rejects.toMatchObject(GONE)
    expect(await reader.token(2, two)).toBe('two')
  })

  it('reports a missing secret as a configuration error, and finds it when it is back', async () => {
    const { reader, writer } = await world()
    await expect(reader.token(3, 'a-version-that-never-was-there-000')).rejects.toMatchObject(GONE)
    const version = await writer.createToken(3, 'back')
    expect(await reader.token(3, version)).toBe('back')
  })
}

/** What the three ports of a source's token must do together. */
export function tokensContract(
  kind: string,
  open: (clock: FakeClock) => TokenPorts | Promise<TokenPorts>,
): void {
  describe(`tokens ${kind}`, () => {
    const world = async () => {
      const clock = fakeClock()
      return { clock, ...(await open(clock)) }
    }
    versionContract(world)
    orderContract(world)
    removalContract(world)
    cacheContract(world)
  })
}
