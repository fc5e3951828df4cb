import { describe, expect, it } from 'vitest'
import type { AdminPorts } from '../../../functions/admin/admin-ports.ts'
import type { AdminWorld } from './admin-world.ts'
import { TOKEN } from './admin-world.ts'
import { dying } from './dying.ts'
import {
  COLLECTOR_ID,
  currentToken,
  edited,
  SOURCE_ID,
  sourceWorld,
  storedSource,
  tokenInUse,
  update,
} from './source-world.ts'

type TokenWriter = AdminPorts['tokenWriter']

/** Replaces some calls of the secret store from now on. */
const withWriter = (world: AdminWorld, change: (usual: TokenWriter) => Partial<TokenWriter>): void =>
  world.readapt(ports => ({ ...ports, tokenWriter: { ...ports.tokenWriter, ...change(ports.tokenWriter) } }))

/** A source whose update died before it made the new token current. */
async function unpromoted() {
  const source = await sourceWorld()
  const { world, path } = source
  withWriter(world, () => ({ promoteToken: async () => Promise.reject(new Error('away')) }))
  await update(world, path, { api_token: 'second' })
  world.readapt(ports => ports)
  expect([tokenInUse(world), currentToken(world)]).toEqual(['second', TOKEN])
  return source
}

const restart = ({ world, path }: Awaited<ReturnType<typeof sourceWorld>>) =>
  world.post(`${path}/action/restart`)

describe('a token in use that is not the current version, because an update died', () => {
  it('is made current before another token is proposed, because otherwise it would lose its stage', async () => {
    const { world, path } = await unpromoted()
    const read = await world.get(path)
    const put = () => world.put(path, edited(read, { api_token: 'third' }), read.headers['etag'])
    const effects = await dying(world, put, { at: 2, phase: 'after' })
    expect(effects.slice(1, 3)).toEqual(['tokenWriter.promoteToken', 'tokenWriter.proposeToken'])
    expect([tokenInUse(world), currentToken(world)]).toEqual(['second', 'second'])
  })

  it('is made current by an update without a token, and by a restart', async () => {
    const updated = await unpromoted()
    await update(updated.world, updated.path, { category: 'new' })
    const restarted = await unpromoted()
    expect((await restart(restarted)).status).toBe(200)
    expect([currentToken(updated.world), currentToken(restarted.world)]).toEqual(['second', 'second'])
  })

  it('hinders neither of them if it cannot be made current', async () => {
    const source = await unpromoted()
    const { world, path } = source
    withWriter(world, () => ({ promoteToken: async () => Promise.reject(new Error('away')) }))
    expect((await restart(source)).status).toBe(200)
    expect((await update(world, path, { api_token: 'third' })).status).toBe(200)
    expect(tokenInUse(world)).toBe('third')
  })
})

describe('a token that a user has put into the secret by hand', () => {
  it('stays current after a restart and after an update without a token', async () => {
    const source = await sourceWorld()
    const { world, path } = source
    await world.ports.tokenWriter.createToken(SOURCE_ID, 'by hand')
    await restart(source)
    await update(world, path, { category: 'new' })
    expect([tokenInUse(world), currentToken(world)]).toEqual([TOKEN, 'by hand'])
  })

  it('is replaced by the token of an update', async () => {
    const { world, path } = await sourceWorld()
    await world.ports.tokenWriter.createToken(SOURCE_ID, 'by hand')
    await update(world, path, { api_token: 'second' })
    expect([tokenInUse(world), currentToken(world)]).toEqual(['second', 'second'])
  })
})

describe('a secret that is gone', () => {
  async function withoutSecret() {
    const source = await sourceWorld()
    source.world.secrets.delete(SOURCE_ID)
    return source
  }

  it('is created again by an update with a token', async () => {
    const { world, path } = await withoutSecret()
    expect((await update(world, path, { api_token: 'second' })).status).toBe(200)
    expect([tokenInUse(world), currentToken(world)]).toEqual(['second', 'second'])
  })

  it.each([
    ['is gone', 404, (world: AdminWorld) => world.ports.registry.removeSource(COLLECTOR_ID, SOURCE_ID)],
    [
      'is being deleted',
      400,
      (world: AdminWorld) => world.delete(`/v1/collectors/${COLLECTOR_ID}/sources/${SOURCE_ID}`),
    ],
  ])('is not created again for a source that meanwhile %s', async (_, status, remove) => {
    const { world, path, etag } = await withoutSecret()
    const read = await world.get(path)
    withWriter(world, usual => ({
      proposeToken: async (id, token) => {
        await remove(world)
        return usual.proposeToken(id, token)
      },
    }))
    const answer = await world.put(path, edited(read, { api_token: 'second' }), etag)
    expect([answer.status, world.secrets.size]).toEqual([status, 0])
  })

  it('is removed again if it was created while the source was deleted', async () => {
    const { world, path, etag } = await withoutSecret()
    const read = await world.get(path)
    withWriter(world, usual => ({
      createToken: async (id, token) => {
        await world.ports.registry.removeSource(storedSource(world).collectorId, id)
        return usual.createToken(id, token)
      },
    }))
    const { status } = await world.put(path, edited(read, { api_token: 'second' }), etag)
    expect([status, world.stopping]).toEqual([404, [{ collectorId: COLLECTOR_ID, sourceId: SOURCE_ID }]])
  })
})
