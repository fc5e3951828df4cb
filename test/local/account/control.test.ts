import { describe, expect, it } from 'vitest'
import type { Account } from '../../../infra/local/account/account.ts'
import { ask, startTestAccount } from './client.ts'

describe('the control endpoint', () => {
  const put = (account: Account, path: string, body: unknown) =>
    fetch(account.url + path, { method: 'PUT', body: typeof body === 'string' ? body : JSON.stringify(body) })

  it('switches a mode, and shows the modes and the number of requests', async () => {
    const account = await startTestAccount()
    const switched = await put(account, '/control/mode', { mode: '500', feature: 'auditevents', times: 2 })
    expect(switched.status).toBe(200)
    await ask(account, 'auditevents', {})
    const shown = await (await fetch(`${account.url}/control`)).text()
    expect(JSON.parse(shown)).toMatchObject({
      modes: { auditevents: { mode: '500', remaining: 1 }, itemusages: { mode: 'ok' } },
      counters: { 'auditevents 500': 1 },
      features: ['signinattempts', 'itemusages', 'auditevents'],
      available: { hang: 'no answer until the client gives up' },
    })
    expect(shown).not.toContain(account.token)
    await ask(account, 'auditevents', {})
    expect(await (await fetch(`${account.url}/control`)).json()).toMatchObject({
      modes: { auditevents: { mode: 'ok' } },
    })
  })

  it('removes a feature from the token', async () => {
    const account = await startTestAccount()
    await put(account, '/control/features', { features: ['itemusages'] })
    expect((await ask(account, 'auditevents', {})).status).toBe(401)
  })

  it.each([
    ['/control/mode', { mode: 'tired' }, 'mode must be one of 401, '],
    ['/control/mode', {}, 'mode must be one of'],
    ['/control/mode', { mode: '500', feature: 'itemUsage' }, 'feature must be one of signinattempts'],
    ['/control/mode', { mode: '500', times: -1 }, 'times must be a whole number'],
    ['/control/mode', { mode: '500', retryafter: 1 }, 'retryafter is not known'],
    ['/control/mode', 'mode=500', 'must be a JSON object'],
    ['/control/features', { features: 'itemusages' }, 'features must be an array'],
    ['/control/features', { features: ['users'] }, 'features must be one of'],
  ])('says what is wrong with %s %j', async (path, body, fault) => {
    const account = await startTestAccount()
    const response = await put(account, path, body)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: expect.stringContaining(fault) })
    expect((await ask(account, 'itemusages', {})).status).toBe(200)
  })

  it('answers no other call', async () => {
    const { url } = await startTestAccount()
    expect((await fetch(`${url}/control/mode`)).status).toBe(404)
  })
})
