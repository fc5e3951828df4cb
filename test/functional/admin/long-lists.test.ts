import { describe, expect, it } from 'vitest'
import { countBytes, presentFitting } from '../../../functions/admin/http/list-answer.ts'
import { MAX_LIST_BYTES } from '../../../shared/contract/limits.ts'
import { aFault, healthAfter, SUBJECT } from '../../support/health.ts'
import { sampleSource, sampleTask } from '../../support/sample-task.ts'
import { httpWorld } from './clients/http-world.ts'

const FIRST = 200000000

/** Characters that take the most bytes in the answer of a function: 4 in UTF-8, and 7 and 4 by being escaped twice. */
const TEXTS = ['🔑', '\u0001', '"']

const fieldsOf = (text: string) =>
  Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => [`${i}`.padEnd(225, text.replace('\u0001', '"')), text.repeat(200)]),
  )

const TEN_FIELDS = { name: '"'.repeat(120), category: '"'.repeat(1024) }

/** The function behind a URL that takes no more than 6 MB, with large entries in its tables. */
async function world() {
  const http = await httpWorld()
  const { registry, healthEvents } = http.world.ports
  async function get(path: string) {
    const { status, headers, text } = await http.exchange('GET', path, { Authorization: http.authorization })
    return { status, body: JSON.parse(text), link: headers['link'] as string | undefined }
  }

  async function putCollectors(count: number, text: string): Promise<number[]> {
    const { collector } = sampleSource()
    const fields = fieldsOf(text)
    const ids = Array.from({ length: count }, (_, i) => FIRST + i)
    for (const id of ids) {
      const name = `${id}`.padEnd(128, '"')
      await registry.putCollector({
        ...collector,
        ...TEN_FIELDS,
        id,
        name,
        description: text.repeat(1024),
        fields,
      })
    }
    return ids
  }

  async function putSources(count: number, text: string): Promise<number[]> {
    await registry.putCollector(sampleSource().collector)
    const { source } = sampleSource()
    const ids = Array.from({ length: count }, (_, i) => FIRST + i)
    for (const id of ids) {
      const name = `${id}`.padEnd(128, '"')
      const settings = {
        name,
        category: TEN_FIELDS.category,
        description: text.repeat(1024),
        fields: fieldsOf(text),
      }
      await registry.putSource({ ...source, ...settings, id })
      const error = aFault({ info: text.repeat(4000) })
      http.world.tasks.push(sampleTask({ sourceId: id, version: 1, state: 'Error', error }))
    }
    return ids
  }

  async function putHealthEvents(count: number): Promise<void> {
    for (let sourceId = FIRST; sourceId < FIRST + count; sourceId++) {
      const { untold = [] } = healthAfter({
        subject: { ...SUBJECT, sourceId },
        fault: aFault({ info: '\u0001'.repeat(4000) }),
      })
      for (const change of untold) await healthEvents.record(sourceId, change)
    }
  }

  return { get, putCollectors, putSources, putHealthEvents, registry }
}

type World = Awaited<ReturnType<typeof world>>

interface Entry {
  readonly id: number
}

/** What a client finds that follows the links. */
async function followLinks({ get }: World, path: string, member: string) {
  const parts: Entry[][] = []
  for (let next: string | undefined = path; next !== undefined && parts.length < 50; ) {
    const { status, body, link } = await get(next)
    expect(status).toBe(200)
    parts.push(body[member])
    next = /^<(.+)>; rel="next"$/.exec(link ?? '')?.[1]
  }
  return parts
}

/** What a client finds that pages with a limit until a page is empty, and what one finds that stops at a short one. */
async function page({ get }: World, path: string, member: string, limit: number) {
  const all: Entry[] = []
  const untilShort: Entry[] = []
  let isShort = false
  for (let offset = 0; offset < 50 * limit; offset += limit) {
    const { status, body } = await get(`${path}?limit=${limit}&offset=${offset}`)
    expect(status).toBe(200)
    const got: Entry[] = body[member]
    if (got.length === 0) return { all, untilShort }
    all.push(...got)
    if (!isShort) untilShort.push(...got)
    isShort ||= got.length < limit
  }
  throw new Error('the loop does not end')
}

const toIds = (entries: readonly Entry[]) => entries.map(({ id }) => id)

describe.each([
  { path: '/api/v1/collectors', member: 'collectors', put: 'putCollectors', count: 600 },
  { path: '/v1/collectors/100000001/sources', member: 'sources', put: 'putSources', count: 300 },
  {
    path: '/v1/collectors/100000001/sources',
    member: 'sources',
    put: 'putSources',
    count: 300,
    download: true,
  },
] as const)('a long list: $path, $count entries', ({ path, member, put, count, ...rest }) => {
  const query = 'download' in rest ? '?download=true' : ''

  it.each(TEXTS)('ends where the answer is full, and the link leads to the rest; text %j', async text => {
    const some = await world()
    const ids = await some[put](count, text)
    const parts = await followLinks(some, `${path}${query}`, member)
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.every(part => part.length > 0)).toBe(true)
    const found = parts.flat()
    expect(found).toHaveLength(count)
    if (query === '') expect(toIds(found)).toEqual(ids)
  })
})

describe.each([
  { path: '/api/v1/collectors', member: 'collectors', put: 'putCollectors', count: 600 },
  { path: '/v1/collectors/100000001/sources', member: 'sources', put: 'putSources', count: 300 },
] as const)('a client that pages through $path', ({ path, member, put, count }) => {
  it('is told which limit works, if its own makes a page too large, and finds all of them once with that', async () => {
    const some = await world()
    const ids = await some[put](count, '🔑')
    const { status, body } = await some.get(`${path}?limit=1000`)
    expect(status).toBe(400)
    expect(body.faults).toEqual([
      {
        field: 'limit',
        message: expect.stringMatching(
          /^makes the answer larger than 6 MB; ask for fewer at a time: limit=\d+$/,
        ),
      },
    ])
    const limit = Number(/limit=(\d+)/.exec(body.message)?.[1])
    expect(limit).toBeGreaterThan(100)
    const { all, untilShort } = await page(some, path, member, limit)
    expect(toIds(all)).toEqual(ids)
    expect(toIds(untilShort)).toEqual(ids)
  })

  it('finds all of them by the number that it has got, if it names no limit', async () => {
    const some = await world()
    const ids = await some[put](count, '"')
    const all: Entry[] = []
    for (;;) {
      const { body } = await some.get(`${path}?offset=${all.length}`)
      if (body[member].length === 0) break
      all.push(...body[member])
    }
    expect(toIds(all)).toEqual(ids)
  })
})

describe('a short list', () => {
  it('has a link only while more follow, which keeps the rest of the query', async () => {
    const some = await world()
    const ids = await some.putCollectors(5, 'x')
    const path = '/api/v1/collectors'
    expect((await some.get(path)).link).toBeUndefined()
    expect((await some.get(`${path}?limit=5`)).link).toBeUndefined()
    expect((await some.get(`${path}?filter=Hosted&limit=2&offset=1`)).link).toBe(
      `<${path}?filter=Hosted&limit=2&offset=3>; rel="next"`,
    )
    expect(toIds((await followLinks(some, `${path}?limit=2`, 'collectors')).flat())).toEqual(ids)
    expect((await some.get(`${path}?offset=9`)).link).toBeUndefined()
  })
})

describe('the list of dropped fields', () => {
  it('ends where the answer is full, and the link leads to the rest', async () => {
    const some = await world()
    const { collector } = sampleSource()
    for (let i = 0; i < 900; i++) {
      const fields = Object.fromEntries(
        Array.from({ length: 10 }, (_, n) => [`${i}-${n}`.padEnd(255, '"'), 'x']),
      )
      await some.registry.putCollector({ ...collector, id: FIRST + i, name: `${i}`, fields })
    }
    const parts = await followLinks(some, '/v1/fields/dropped', 'data')
    expect(parts.flat()).toHaveLength(9000)
  })
})

describe('long lists of health events', () => {
  it('end where the answer is full, and the token leads to the rest', async () => {
    const some = await world()
    await some.putHealthEvents(450)
    const resources: string[] = []
    let token = ''
    let parts = 0
    do {
      const { status, body } = await some.get(`/v1/healthEvents?limit=1000${token}`)
      expect(status).toBe(200)
      resources.push(
        ...body.data.map((event: { resourceIdentity: { id: string } }) => event.resourceIdentity.id),
      )
      token = body.next === undefined ? '' : `&token=${body.next}`
      parts++
    } while (token !== '')
    expect(parts).toBeGreaterThan(1)
    expect([resources.length, new Set(resources).size]).toEqual([450, 450])
  })
})

describe('presentFitting', () => {
  const sized = (bytes: number) => {
    const entry = { text: '' }
    return { text: 'x'.repeat(bytes - countBytes(entry)) }
  }

  it('takes entries up to the limit and none above it', async () => {
    const items = [MAX_LIST_BYTES - 1000, 1000]
    expect((await presentFitting(items, sized)).entries).toHaveLength(2)
    expect(await presentFitting([...items, 30], sized)).toMatchObject({
      entries: items.map(sized),
      safeLimit: 1,
    })
    expect((await presentFitting([MAX_LIST_BYTES - 1000, 1001], sized)).entries).toHaveLength(1)
  })

  it('presents no more than a batch beyond what fits', async () => {
    let presented = 0
    const { entries } = await presentFitting(Array(1000).fill(MAX_LIST_BYTES / 10), bytes => {
      presented++
      return sized(bytes)
    })
    expect([entries.length, presented]).toEqual([10, 25])
  })
})
