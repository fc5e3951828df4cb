import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalSystem, localSystem } from '../../support/local-system.ts'

let system: LocalSystem

beforeAll(async () => {
  system = await localSystem()
}, 60_000)

afterAll(() => system.close())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${system.stage.url}${path}`, { headers: { 'accept-encoding': 'gzip, deflate, br', ...headers } })

describe('the page of the local stage', () => {
  it('comes from the bundle with script and style, as a browser asks for them', async () => {
    const page = await get('/')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.headers.get('content-encoding')).toBe('br')
    const html = await page.text()
    const named = Array.from(html.matchAll(/(?:src|href)="([^"]+)"/g), ([, path]) => `/${path}`)
    expect(named).toHaveLength(3)
    for (const path of named) {
      const file = await get(path)
      expect([path, file.status, file.headers.get('cache-control')]).toEqual([
        path,
        200,
        'public, max-age=31536000, immutable',
      ])
      expect((await file.text()).length).toBeGreaterThan(100)
    }
    const etag = page.headers.get('etag') ?? ''
    expect((await get('/', { 'if-none-match': etag })).status).toBe(304)
  })

  it('can test a token before anything is saved', async () => {
    const { collectorId } = await system.registerSource({ name: 'First' })
    const config = {
      name: 'Tested',
      base_url: system.account.url,
      api_token: system.account.token,
      supported_apis: ['sign-in', 'auditEvents'],
    }
    const source = { sourceType: 'Universal', schemaRef: { type: '1Password' }, config }
    const test = (body: object) =>
      system.call<{ test: object }>('POST', `collectors/${collectorId}/sources/test`, { source: body })
    expect(await test(source)).toMatchObject({
      test: { ok: true, apis: [{ readable: true }, { readable: true }] },
    })
    const wrong = { ...source, config: { ...config, api_token: 'wrong' } }
    expect(await test(wrong)).toMatchObject({ test: { ok: false, faults: [{ field: 'config.api_token' }] } })
    // Two tests are as many calls as are allowed in a second.
    await pause(1100)
  })

  it('gets all that it shows from one call, with the key alone', async () => {
    const { sourceId } = await system.registerSource({ name: 'Shown' })
    await system.stage.idle()
    await system.tick()
    expect((await get('/api/v1/collection')).status).toBe(401)
    const { body } = await system.read<{
      collectors: {
        sources: { id: number; apis: { state: string; events: number; eventsByHour: number[] }[] }[]
      }[]
    }>('collection')
    const source = body.collectors[0]?.sources.find(({ id }) => id === sourceId)
    expect(source?.apis.map(({ state }) => state)).toEqual(Array(3).fill('Collecting'))
    for (const { events, eventsByHour } of source?.apis ?? []) {
      expect(events).toBeGreaterThan(0)
      const counted = eventsByHour.reduce((sum, count) => sum + count, 0)
      expect(Math.abs(counted - events)).toBeLessThanOrEqual(events * 0.04)
    }
    expect(system.notices).toEqual([])
  })
})
