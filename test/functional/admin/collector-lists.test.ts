import { describe, expect, it } from 'vitest'
import { type AdminWorld, adminWorld, COLLECTOR, NOW_MS } from './admin-world.ts'

const PATH = '/api/v1/collectors'

async function withCollectors(count: number): Promise<AdminWorld> {
  const world = adminWorld()
  for (let i = 0; i < count; i++) {
    await world.post(PATH, { collector: { ...COLLECTOR.collector, name: `c${i}` } })
  }
  return world
}

const namesIn = ({ body }: { body: { readonly [member: string]: unknown } }): string[] =>
  (body['collectors'] as { name: string }[]).map(({ name }) => name)

describe('the list of collectors', () => {
  it('is empty at first', async () => {
    const { status, headers, body } = await adminWorld().get(PATH)
    expect([status, body]).toEqual([200, { collectors: [] }])
    expect(headers['etag']).toBeUndefined()
  })

  it('shows each collector as GET shows it, in the order of their ids', async () => {
    const world = await withCollectors(3)
    const { body } = await world.get(PATH)
    const alone = await Promise.all([1, 2, 3].map(id => world.get(`${PATH}/10000000${id}`)))
    expect(body).toEqual({ collectors: alone.map(answer => answer.body['collector']) })
    expect(body['collectors']).toContainEqual(expect.objectContaining({ lastSeenAlive: NOW_MS, alive: true }))
  })

  it.each([
    ['', 5],
    ['?filter=hosted', 5],
    ['?filter=Hosted', 5],
    ['?filter=ALIVE', 5],
    ['?filter=installed', 0],
    ['?filter=Dead', 0],
    ['?limit=1000', 5],
    ['?unknown=1', 5],
  ])('with %s has %i', async (query, count) => {
    expect(namesIn(await (await withCollectors(5)).get(`${PATH}${query}`))).toHaveLength(count)
  })

  it.each([1, 2, 3, 5, 1000])(
    'returns every collector once in pages of %i, and then an empty page',
    async limit => {
      const world = await withCollectors(5)
      const names: string[] = []
      for (let offset = 0; ; offset += limit) {
        const page = namesIn(await world.get(`${PATH}?limit=${limit}&offset=${offset}`))
        if (page.length === 0) break
        names.push(...page)
      }
      expect(names).toEqual(['c0', 'c1', 'c2', 'c3', 'c4'])
    },
  )

  it.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['offset=-1', 'offset'],
    ['offset=99999999999999999999', 'offset'],
    ['filter=all', 'filter'],
    ['filter=', 'filter'],
    ['filter=hosted&filter=alive', 'filter'],
  ])('refuses %s and names the parameter', async (query, field) => {
    const { status, body } = await adminWorld().get(`${PATH}?${query}`)
    expect(status).toBe(400)
    expect(body['faults']).toEqual([{ field, message: expect.stringMatching(/^must be /) }])
  })

  it('reports all wrong parameters in one answer', async () => {
    const { body } = await adminWorld().get(`${PATH}?limit=0&offset=x&filter=y`)
    expect(body['message']).toMatch(/filter: .*; limit: .*; offset: /)
  })
})

describe('the upgrade targets of installed collectors', () => {
  it('are none', async () => {
    const world = await withCollectors(1)
    const answer = await world.get('/v1/collectors/upgrades/targets')
    expect(answer).toMatchObject({ status: 200, body: { targets: [] } })
    expect(namesIn(await world.get(PATH))).toEqual(['c0'])
  })
})
