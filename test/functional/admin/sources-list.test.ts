import { describe, expect, it } from 'vitest'
import { adminWorld, COLLECTOR, sourceBody, withCollector } from './admin-world.ts'
import { collected, SOURCE_ID, sourceIn, sourceWorld } from './source-world.ts'

async function withSources(count: number) {
  const world = adminWorld()
  const path = await withCollector(world)
  for (let i = 0; i < count; i++) await world.post(path, sourceBody({ name: `s${i}` }))
  const ids = async (query: string): Promise<number[]> => {
    const { body } = await world.get(`${path}${query}`)
    return (body['sources'] as { id: number }[]).map(({ id }) => id)
  }
  return { world, path, ids }
}

describe('a list of sources', () => {
  it('is empty at first, without a tag', async () => {
    const world = adminWorld()
    const { status, headers, body } = await world.get(await withCollector(world))
    expect([status, body, headers['etag']]).toEqual([200, { sources: [] }, undefined])
  })

  it('shows each source as GET shows it, with its own state', async () => {
    const { world, sources, path } = await sourceWorld()
    await world.post(sources, sourceBody({ name: 'Other', category: 'c' }))
    collected(world, { version: 1, state: 'Collecting' }, 'itemUsage')
    const { body } = await world.get(sources)
    const each = [await world.get(path), await world.get(`${sources}/${SOURCE_ID + 1}`)]
    expect(body).toEqual({ sources: each.map(sourceIn) })
  })

  it('shows only the sources of the collector', async () => {
    const { world } = await sourceWorld()
    const other = await world.post('/v1/collectors', { collector: { ...COLLECTOR.collector, name: 'Other' } })
    const { id } = other.body['collector'] as { id: number }
    expect((await world.get(`/v1/collectors/${id}/sources`)).body).toEqual({ sources: [] })
    expect((await world.get('/v1/collectors/7/sources')).body['code']).toBe('collectors.collector.invalid')
  })

  it('keeps to limit and offset exactly, so that a client that reads in pages comes to an end', async () => {
    const { ids } = await withSources(30)
    const all = Array.from({ length: 30 }, (_, i) => SOURCE_ID + i)
    expect(await ids('')).toEqual(all)
    expect(await ids('?limit=7&offset=28')).toEqual(all.slice(28))
    expect(await ids('?offset=30')).toEqual([])
    expect(await ids('?limit=10')).toEqual(all.slice(0, 10))
    const paged: number[] = []
    for (let page = await ids('?limit=10&offset=0'); page.length > 0; ) {
      paged.push(...page)
      page = await ids(`?limit=10&offset=${paged.length}`)
    }
    expect(paged).toEqual(all)
  })

  it('names every wrong parameter', async () => {
    const { world, path } = await withSources(1)
    const { status, body } = await world.get(`${path}?limit=0&offset=-1&download=maybe`)
    expect(status).toBe(400)
    expect((body['faults'] as { field: string }[]).map(({ field }) => field)).toEqual([
      'limit',
      'offset',
      'download',
    ])
  })
})

describe('download=true', () => {
  const shown = ({ body }: { body: object }) =>
    JSON.parse(JSON.stringify(body), (name, value) => (['id', 'alive'].includes(name) ? undefined : value))

  it('leaves id and alive out of a list and says which version it is', async () => {
    const { world, sources } = await sourceWorld({ category: 'c' })
    const { body } = await world.get(`${sources}?download=true`)
    expect(body).toEqual({ 'api.version': 'v1', ...shown(await world.get(sources)) })
    expect(JSON.stringify(body)).not.toContain('"id"')
  })

  it('does the same to one source, under the same tag', async () => {
    const { world, path, etag } = await sourceWorld()
    const answer = await world.get(`${path}?download=TRUE`)
    expect(answer.headers['etag']).toBe(etag)
    expect(answer.body).toEqual({ 'api.version': 'v1', ...shown(await world.get(path)) })
  })

  it('can be sent as a create after the token is added', async () => {
    const { world, sources, path } = await sourceWorld()
    const { body } = await world.get(`${path}?download=true`)
    expect((await world.post(sources, body)).status).toBe(400)
    const { source } = body as { source: { config: object } }
    const config = { ...source.config, name: 'copy', api_token: 'token' }
    expect((await world.post(sources, { ...body, source: { ...source, config } })).status).toBe(201)
  })
})
