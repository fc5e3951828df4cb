import { describe, expect, it } from 'vitest'
import { adminWorld, COLLECTOR } from './admin-world.ts'

const PATH = '/api/v1/collectors/100000001'
const STALE = '"00000000000000000000000000000000"'

async function created() {
  const world = adminWorld()
  const { headers, body } = await world.post('/api/v1/collectors', COLLECTOR)
  return { world, etag: String(headers['etag']), body }
}

describe('If-None-Match', () => {
  it.each([
    ['the tag', (etag: string) => etag],
    ['a weak tag', (etag: string) => `W/${etag}`],
    ['the tag without quotes', (etag: string) => etag.replaceAll('"', '')],
    ['any', () => '*'],
    ['one of a list', (etag: string) => `${STALE},  W/${etag} , "x"`],
  ])('with %s is answered 304, without a body', async (_, given) => {
    const { world, etag } = await created()
    for (const method of ['GET', 'HEAD']) {
      const headers = { 'If-None-Match': given(etag) }
      const answer = await world.send({ method, path: PATH, headers })
      expect([answer.status, answer.text, answer.headers['etag']]).toEqual([304, '', etag])
    }
  })

  it.each([STALE, `W/${STALE}`, '', '"', ',', '"*"'])('with %s is answered with the entity', async given => {
    const { world, body } = await created()
    const answer = await world.send({ method: 'GET', path: PATH, headers: { 'If-None-Match': given } })
    expect([answer.status, answer.body]).toEqual([200, body])
  })

  it('has no meaning for lists, errors and changes', async () => {
    const { world } = await created()
    const headers = { 'If-None-Match': '*' }
    const send = (method: string, path: string, body?: object) =>
      world.send({ method, path, headers, ...(body && { body }) })
    expect((await send('GET', '/v1/collectors')).status).toBe(200)
    expect((await send('GET', '/v1/collectors/7')).status).toBe(404)
    const other = { collector: { ...COLLECTOR.collector, name: 'other' } }
    expect((await send('POST', '/v1/collectors', other)).status).toBe(201)
  })
})

describe('If-Match', () => {
  const change = { collector: { ...COLLECTOR.collector, id: 100000001, description: 'changed' } }

  it.each([
    ['the tag', (etag: string) => etag],
    ['the tag without quotes', (etag: string) => etag.replaceAll('"', '')],
    ['any', () => ' * '],
    ['one of a list', (etag: string) => `${STALE}, ${etag}`],
  ])('with %s lets the change be made', async (_, given) => {
    const { world, etag } = await created()
    expect((await world.put(PATH, change, given(etag))).status).toBe(200)
  })

  it.each([
    ['an old tag', () => STALE],
    ['a weak tag', (etag: string) => `W/${etag}`],
    ['a tag that is cut off', (etag: string) => etag.slice(0, -2)],
    ['lone quotes', () => '"'],
  ])('with %s refuses the change with 412', async (_, given) => {
    const { world, etag, body } = await created()
    const answer = await world.put(PATH, change, given(etag))
    expect([answer.status, answer.body['code']]).toEqual([412, 'precondition.failed'])
    expect((await world.get(PATH)).body).toEqual(body)
  })

  it.each([undefined, '', '  '])('with %j counts as missing, and is refused with 403', async given => {
    const { world, body } = await created()
    const call = { method: 'PUT', path: PATH, body: change, headers: { 'If-Match': given } }
    const answer = await world.send(call)
    expect([answer.status, answer.body['code']]).toEqual([403, 'forbidden'])
    expect((await world.get(PATH)).body).toEqual(body)
  })

  it('is checked if a delete sends one, but no delete needs one', async () => {
    const { world } = await created()
    const stale = await world.send({ method: 'DELETE', path: PATH, headers: { 'If-Match': STALE } })
    expect(stale.status).toBe(412)
    expect((await world.delete(PATH)).status).toBe(200)
  })
})
