import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DESTINATION_MODE_NAMES } from '../../../infra/local/destination/modes.ts'
import { startStandIn } from '../../../infra/local/destination/stand-in.ts'
import { receiveSumoLogic, SUMOLOGIC_PATH } from '../../../infra/local/destination/sumologic.ts'

async function opened() {
  const standIn = await startStandIn(receiveSumoLogic('code'))
  onTestFinished(() => standIn.close())
  const post = (body: string | Uint8Array, headers: Record<string, string> = {}, code = 'code') =>
    fetch(`${standIn.url}${SUMOLOGIC_PATH}${code}`, { method: 'POST', body, headers, redirect: 'manual' })
  const control = (body: unknown) =>
    fetch(`${standIn.url}/control/mode`, { method: 'PUT', body: JSON.stringify(body) })
  return { standIn, post, control }
}

describe('the simulated HTTP Source', () => {
  it('takes each line as a message, compressed or not, with what the headers say', async () => {
    const { standIn, post } = await opened()
    const headers = {
      'x-sumo-name': 'n',
      'x-sumo-category': 'c',
      'x-sumo-fields': 'team=blue,odd,x=y=z,stage=1',
    }
    expect((await post('{"a":1}\n{"b":2}\n', headers)).status).toBe(200)
    expect((await post(gzipSync('{"c":3}'), { 'content-encoding': 'gzip' })).status).toBe(200)
    const metadata = { _sourceName: 'n', _sourceCategory: 'c', team: 'blue', stage: '1' }
    expect(standIn.events).toEqual([
      { text: '{"a":1}', metadata },
      { text: '{"b":2}', metadata },
      { text: '{"c":3}', metadata: {} },
    ])
  })

  it('drops fields beyond the thirtieth, as Sumo Logic does', async () => {
    const { standIn, post } = await opened()
    const fields = Array.from({ length: 31 }, (_, i) => `f${i}=x`).join(',')
    await post('{}', { 'x-sumo-fields': fields })
    expect(Object.keys(standIn.events[0]?.metadata ?? {})).toHaveLength(30)
  })

  it('refuses another code, another method and a body that is not what it says', async () => {
    const { standIn, post } = await opened()
    expect((await post('{}', {}, 'other')).status).toBe(401)
    expect((await fetch(`${standIn.url}${SUMOLOGIC_PATH}code`)).status).toBe(405)
    expect((await post('no gzip', { 'content-encoding': 'gzip' })).status).toBe(400)
    expect(standIn.events).toEqual([])
  })
})

describe('its switches', () => {
  it('make it misbehave, for some requests or for good', async () => {
    const { standIn, post, control } = await opened()
    expect((await control({ mode: '503', times: 2 })).status).toBe(200)
    expect([(await post('{}')).status, (await post('{}')).status, (await post('{}')).status]).toEqual([
      503, 503, 200,
    ])
    await control({ mode: '429', retryAfter: 7 })
    const refused = await post('{}')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7'])
    expect(standIn.events).toHaveLength(1)
  })

  it('show what it has, and every mode', async () => {
    const { standIn, post } = await opened()
    await post('{}\n{}')
    const shown = (await (await fetch(`${standIn.url}/control`)).json()) as { available: object }
    expect(shown).toMatchObject({ mode: 'ok', events: 2, requests: 1 })
    expect(Object.keys(shown.available)).toEqual(DESTINATION_MODE_NAMES)
  })

  it.each([
    [{ mode: 'gone' }, /mode must be one of .*ok/],
    [{ mode: '503', times: -1 }, /times must be a whole number/],
    [[], /must be a JSON object/],
  ])('refuse %j', async (body, message) => {
    const { control } = await opened()
    const answer = await control(body)
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as { error: string }).error).toMatch(message)
  })

  it('are nowhere else', async () => {
    const { standIn } = await opened()
    expect((await fetch(`${standIn.url}/control/x`)).status).toBe(404)
  })
})
