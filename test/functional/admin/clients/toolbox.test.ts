import { describe, expect, it } from 'vitest'
import { sourceBody } from '../admin-world.ts'
import { type HttpWorld, httpWorld } from './http-world.ts'

interface Named {
  readonly id: number
  readonly name: string
  readonly category?: string
}

/**
 * Requests of other public clients: sumologictoolbox, collector-management-client and sumoresource.py
 * (docs/reference/management-api.md, "Collectors", "Sources", "The source object").
 */
function toolbox({ exchange, authorization }: HttpWorld) {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    Authorization: authorization,
  }
  const call = (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
    exchange(
      method,
      `/api/v1${path}`,
      { ...headers, ...more },
      body === undefined ? undefined : JSON.stringify(body),
    )

  async function page(path: string, member: string, limit: number, offset: number): Promise<Named[]> {
    const { status, text } = await call('GET', `${path}?limit=${limit}&offset=${offset}`)
    expect(status).toBe(200)
    return JSON.parse(text)[member]
  }

  /** How many pages a loop may read before a test treats it as endless. */
  const ENOUGH = 50

  return {
    call,
    /** Until a page is shorter than the limit. */
    async untilShort(path: string, member: string, limit: number): Promise<Named[]> {
      const all: Named[] = []
      for (let asked = 0; asked < ENOUGH; asked++) {
        const got = await page(path, member, limit, all.length)
        all.push(...got)
        if (got.length < limit) return all
      }
      throw new Error('the loop does not end')
    },
    /** Until a page is empty. */
    async untilEmpty(path: string, member: string, limit: number): Promise<Named[]> {
      const all: Named[] = []
      for (let asked = 0; asked < ENOUGH; asked++) {
        const got = await page(path, member, limit, asked * limit)
        if (got.length === 0) return all
        all.push(...got)
      }
      throw new Error('the loop does not end')
    },
  }
}

const COUNT = 12

async function opened() {
  const http = await httpWorld()
  const client = toolbox(http)
  const ids: number[] = []
  for (let n = 0; n < COUNT; n++) {
    const collector = { collectorType: 'Hosted', name: `collector ${n}` }
    ids.push(JSON.parse((await client.call('POST', '/collectors', { collector })).text).collector.id)
  }
  const [first = 0] = ids
  const sources = `/collectors/${first}/sources`
  for (let n = 0; n < COUNT; n++) {
    await client.call('POST', sources, sourceBody({ name: `source ${n}`, category: `category ${n}` }))
  }
  return { client, ids, first, sources }
}

describe('a client that reads in pages', () => {
  it.each([1, 5, 6, 12, 13, 300])('gets every item once and then stops, with a limit of %d', async limit => {
    const { client, ids, sources } = await opened()
    const names = Array.from({ length: COUNT }, (_, n) => `source ${n}`)
    for (const loop of [client.untilShort, client.untilEmpty]) {
      expect((await loop('/collectors', 'collectors', limit)).map(({ id }) => id)).toEqual(ids)
      expect((await loop(sources, 'sources', limit)).map(({ name }) => name)).toEqual(names)
    }
  })
})

describe('a client of the collector management page', () => {
  it('reads the tag of a collector that it got by its name', async () => {
    const { client, first } = await opened()
    const { headers, text } = await client.call('GET', '/collectors/name/collector%200')
    expect(headers['etag']).toMatch(/^"[0-9a-f]{32}"$/)
    const { collector } = JSON.parse(text)
    const put = await client.call(
      'PUT',
      `/collectors/${first}`,
      { collector: { ...collector, category: 'x' } },
      { 'If-Match': String(headers['etag']) },
    )
    expect(put.status).toBe(200)
  })

  it('finds name and category of a source beside its config, as for all other sources', async () => {
    const { client, sources } = await opened()
    const listed: Named[] = JSON.parse((await client.call('GET', sources)).text).sources
    expect(listed.map(({ name, category }) => [name, category]).slice(0, 2)).toEqual([
      ['source 0', 'category 0'],
      ['source 1', 'category 1'],
    ])
  })

  it('sees from the code that a name is taken, and continues with the existing entity', async () => {
    const { client, sources } = await opened()
    const collector = { collectorType: 'Hosted', name: 'collector 3' }
    for (const [path, body] of [
      ['/collectors', { collector }],
      [sources, sourceBody({ name: 'source 3' })],
    ] as const) {
      const { status, text } = await client.call('POST', path, body)
      expect([status, JSON.parse(text).code]).toEqual([400, 'collectors.validation.name.duplicate'])
    }
  })

  it('copies the sources of a collector to another one from a download, if it adds their tokens', async () => {
    const { client, ids, sources } = await opened()
    const { text } = await client.call('GET', `${sources}?download=true`)
    const downloaded = JSON.parse(text)
    expect(downloaded['api.version']).toBe('v1')
    for (const source of downloaded.sources) {
      const given = { ...source, config: { ...source.config, api_token: 'the-real-one' } }
      const { status } = await client.call('POST', `/collectors/${ids[1]}/sources`, { source: given })
      expect(status).toBe(201)
    }
    expect(await client.untilShort(`/collectors/${ids[1]}/sources`, 'sources', 300)).toHaveLength(COUNT)
  })
})
