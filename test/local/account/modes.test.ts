import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../../infra/local/account/account.ts'
import { ask, clockAt, FROM_THE_BEGINNING, fetchPage, startTestAccount } from './client.ts'

const readAnswer = async (response: Response) => [response.status, await response.text()]

const errorBody = (message: string) => JSON.stringify({ Error: { Message: message } })

/** Reads an answer with node:http, which shows how much of it arrived. */
function rawAnswer({
  url,
  token,
}: Account): Promise<{ error?: string; status?: number; received: number; promised: number }> {
  return new Promise(resolve => {
    const call = request(`${url}/api/v2/itemusages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    })
    let [received, promised, status] = [0, 0, 0]
    const failed = (error: NodeJS.ErrnoException) =>
      resolve({ error: error.code ?? '', status, received, promised })
    call.on('error', failed).on('response', response => {
      status = response.statusCode ?? 0
      promised = Number(response.headers['content-length'])
      response.on('error', failed).on('data', (chunk: Buffer) => {
        received += chunk.length
      })
    })
    call.end(JSON.stringify(FROM_THE_BEGINNING))
  })
}

describe('an account in mode', () => {
  it.each([
    ['401', 401, errorBody('Unauthorized')],
    ['403', 403, errorBody('Forbidden')],
    ['404', 404, '404 page not found'],
    ['408', 408, errorBody('Request Timeout')],
    ['429-bare', 429, errorBody('Too Many Requests')],
    ['500', 500, errorBody('Internal Server Error')],
    ['503', 503, 'upstream connect error'],
    ['not-json', 200, '<html>Please sign in</html>'],
    ['half-json', 200, '{"cursor":"x","has_more":tr'],
    ['not-a-page', 200, '{"status":"ok"}'],
  ] as const)('%s answers %i', async (mode, status, body) => {
    const account = await startTestAccount()
    account.setMode(mode)
    const response = await ask(account, 'itemusages', {})
    expect(response.headers.has('retry-after')).toBe(false)
    expect(await readAnswer(response)).toEqual([status, body])
    account.setMode('ok')
    expect((await ask(account, 'itemusages', {})).status).toBe(200)
  })

  it('502 repeats the token', async () => {
    const account = await startTestAccount()
    account.setMode('502')
    expect(await readAnswer(await ask(account, 'itemusages', {}))).toEqual([
      502,
      `no such request: Authorization: Bearer ${account.token}`,
    ])
  })

  it('429 says when to come back', async () => {
    const account = await startTestAccount()
    account.setMode('429')
    expect((await ask(account, 'itemusages', {})).headers.get('retry-after')).toBe('30')
    account.setMode('429', { retryAfter: 7 })
    expect((await ask(account, 'itemusages', {})).headers.get('retry-after')).toBe('7')
  })

  it('hang gives no answer until the client gives up', async () => {
    const account = await startTestAccount()
    account.setMode('hang')
    await expect(ask(account, 'itemusages', {}, { signal: AbortSignal.timeout(150) })).rejects.toThrow(
      /timeout/,
    )
    expect(account.requests).toMatchObject([{ status: 0, mode: 'hang' }])
  })

  it('hang can be closed while a request hangs', async () => {
    const account = await startTestAccount()
    account.setMode('hang')
    const hanging = expect(ask(account, 'itemusages', {})).rejects.toThrow()
    while (account.requests.length === 0) await new Promise(setImmediate)
    await account.close()
    await hanging
  })

  it('slow gives the right answer late', async () => {
    const account = await startTestAccount()
    account.setMode('slow', { delayMs: 120 })
    const began = performance.now()
    const page = await fetchPage(account, 'itemusages', FROM_THE_BEGINNING)
    expect(performance.now() - began).toBeGreaterThan(115)
    expect(page.items.length).toBeGreaterThan(0)
  })

  it('cut ends the connection in the middle of the body', async () => {
    const account = await startTestAccount()
    account.setMode('cut')
    const { error, status, received, promised } = await rawAnswer(account)
    expect([status, error]).toEqual([200, 'ECONNRESET'])
    expect(received).toBeGreaterThan(0)
    expect(received).toBeLessThan(promised)
  })

  it('reset ends the connection before any answer', async () => {
    const account = await startTestAccount()
    account.setMode('reset')
    expect(await rawAnswer(account)).toMatchObject({ error: 'ECONNRESET', status: 0 })
    expect(account.requests).toMatchObject([{ status: 0 }])
  })

  it('same-cursor serves the right page with the cursor that was sent', async () => {
    const account = await startTestAccount()
    const { cursor } = await fetchPage(account, 'itemusages', { ...FROM_THE_BEGINNING, limit: 5 })
    const next = await fetchPage(account, 'itemusages', { cursor })
    account.setMode('same-cursor')
    expect(await fetchPage(account, 'itemusages', { cursor })).toEqual({ ...next, cursor })
  })

  it('empty-pages moves the cursor from empty page to empty page, and loses no place', async () => {
    const account = await startTestAccount()
    const { cursor } = await fetchPage(account, 'itemusages', { ...FROM_THE_BEGINNING, limit: 5 })
    const next = await fetchPage(account, 'itemusages', { cursor })
    account.setMode('empty-pages')
    const first = await fetchPage(account, 'itemusages', { cursor })
    const second = await fetchPage(account, 'itemusages', { cursor: first.cursor })
    expect([first, second]).toMatchObject([
      { has_more: true, items: [] },
      { has_more: true, items: [] },
    ])
    expect(new Set([cursor, first.cursor, second.cursor]).size).toBe(3)
    account.setMode('ok')
    expect((await fetchPage(account, 'itemusages', { cursor: second.cursor })).items).toEqual(next.items)
  })

  it('empty-has-more repeats the cursor and promises more', async () => {
    const account = await startTestAccount()
    const { cursor } = await fetchPage(account, 'itemusages', { ...FROM_THE_BEGINNING, limit: 5 })
    const next = await fetchPage(account, 'itemusages', { cursor })
    account.setMode('empty-has-more')
    expect(await fetchPage(account, 'itemusages', { cursor })).toEqual({ cursor, has_more: true, items: [] })
    const first = await fetchPage(account, 'itemusages', { ...FROM_THE_BEGINNING, limit: 5 })
    expect(first).toMatchObject({ has_more: true, items: [] })
    account.setMode('ok')
    expect(await fetchPage(account, 'itemusages', { cursor })).toEqual(next)
    expect((await fetchPage(account, 'itemusages', { cursor: first.cursor })).cursor).toBe(cursor)
  })

  it('spaced has the same page, with line breaks between the tokens', async () => {
    const account = await startTestAccount()
    const plain = await (await ask(account, 'itemusages', FROM_THE_BEGINNING)).text()
    account.setMode('spaced')
    const spaced = await (await ask(account, 'itemusages', FROM_THE_BEGINNING)).text()
    expect(JSON.parse(spaced)).toEqual(JSON.parse(plain))
    expect(spaced.startsWith(' {\r\n\t"cursor" :\r\n\t"')).toBe(true)
  })

  it('refused-cursors refuses earlier cursors, and accepts those of a new chain', async () => {
    const account = await startTestAccount()
    const begin = { ...FROM_THE_BEGINNING, limit: 5 }
    const old = await fetchPage(account, 'itemusages', begin)
    account.setMode('refused-cursors')
    expect(await readAnswer(await ask(account, 'itemusages', { cursor: old.cursor }))).toEqual([
      400,
      errorBody('Bad Request'),
    ])
    const fresh = await fetchPage(account, 'itemusages', begin)
    expect(fresh.items).toEqual(old.items)
    expect((await ask(account, 'itemusages', { cursor: fresh.cursor })).status).toBe(200)
  })

  it('refused-cursors refuses once if it lasts for one request', async () => {
    const account = await startTestAccount()
    const { cursor } = await fetchPage(account, 'itemusages', {})
    account.setMode('refused-cursors', { times: 1 })
    await fetchPage(account, 'itemusages', {})
    expect((await ask(account, 'itemusages', { cursor })).status).toBe(400)
    expect((await ask(account, 'itemusages', { cursor })).status).toBe(200)
  })

  it('refused-cursors knows older cursors after a restart too', async () => {
    const clock = clockAt()
    const one = await startTestAccount({ clock })
    one.setMode('refused-cursors')
    const { cursor } = await fetchPage(one, 'itemusages', {})
    const other = await startTestAccount({ clock })
    clock.at += 1
    other.setMode('refused-cursors')
    expect((await ask(other, 'itemusages', { cursor })).status).toBe(400)
  })

  it('refused-cursors-all accepts reset cursors only', async () => {
    const account = await startTestAccount()
    account.setMode('refused-cursors-all')
    const { cursor } = await fetchPage(account, 'itemusages', {})
    expect((await ask(account, 'itemusages', { cursor })).status).toBe(400)
  })
})

describe('a mode', () => {
  const statuses = async (account: Account, count: number) => {
    const found: number[] = []
    while (found.length < count) found.push((await ask(account, 'itemusages', {})).status)
    return found
  }

  it('of one feature leaves the others alone', async () => {
    const account = await startTestAccount()
    account.setMode('500', { feature: 'auditevents' })
    expect((await ask(account, 'auditevents', {})).status).toBe(500)
    expect((await ask(account, 'itemusages', {})).status).toBe(200)
  })

  it('of everything affects introspection too, which can be switched alone', async () => {
    const account = await startTestAccount()
    const introspect = () =>
      fetch(`${account.url}/api/v2/auth/introspect`, {
        headers: { authorization: `Bearer ${account.token}` },
      })
    account.setMode('503')
    expect((await introspect()).status).toBe(503)
    account.setMode('ok', { feature: 'introspect' })
    expect((await introspect()).status).toBe(200)
    expect((await ask(account, 'itemusages', {})).status).toBe(503)
  })

  it('begins and ends after so many requests', async () => {
    const account = await startTestAccount()
    account.setMode('500', { afterRequests: 2, times: 3 })
    expect(await statuses(account, 7)).toEqual([200, 200, 500, 500, 500, 200, 200])
  })

  it('is replaced by the next one', async () => {
    const account = await startTestAccount()
    account.setMode('500', { times: 10 })
    account.setMode('403', { times: 1 })
    expect(await statuses(account, 2)).toEqual([403, 200])
  })
})

it('waits before each page if it has a page delay', async () => {
  const account = await startTestAccount({ pageDelayMs: 60 })
  const began = performance.now()
  await fetchPage(account, 'itemusages', {})
  await fetchPage(account, 'itemusages', {})
  expect(performance.now() - began).toBeGreaterThan(115)
})
