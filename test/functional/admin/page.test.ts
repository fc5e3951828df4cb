import type { Context } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { adminApi } from '../../../functions/admin/admin-api.ts'
import { chooseEncoding } from '../../../functions/admin/http/content-encoding.ts'
import type { AdminResult } from '../../../functions/admin/http/message.ts'
import { SCRIPT_PATH } from '../../support/fakes/page.ts'
import { adminWorld, toRequest } from './admin-world.ts'

const CONTEXT = { awsRequestId: 'r', getRemainingTimeInMillis: () => 30_000 } as Context

function pageWorld() {
  const world = adminWorld()
  const handler = adminApi(world.ports)
  const get = (path: string, headers = {}, method = 'GET'): Promise<AdminResult> =>
    handler(toRequest({ method, path, headers: { Authorization: undefined, ...headers } }), CONTEXT)
  return { ...world, get }
}

const contentOf = ({ body = '', isBase64Encoded }: AdminResult): string =>
  isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body

describe('the page', () => {
  it('is served without a key, since it holds no data', async () => {
    const { get, state } = pageWorld()
    const answer = await get('/')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    })
    expect(contentOf(answer)).toBe('index.html identity')
    expect(state.keyReads).toBe(0)
  })

  it('may load nothing but its own files, run no script in the text, be framed by nobody and tell nobody where it is', async () => {
    const { get } = pageWorld()
    for (const path of ['/', SCRIPT_PATH, '/assets/none.js']) {
      const { headers } = await get(path)
      expect(headers).toMatchObject({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
      })
    }
  })

  it('lets browsers keep files that are named after their content, and ask again for the others', async () => {
    const { get } = pageWorld()
    const script = await get(SCRIPT_PATH)
    expect(script.headers?.['cache-control']).toBe('public, max-age=31536000, immutable')
    const { etag } = (await get('/')).headers ?? {}
    expect(await get('/', { 'If-None-Match': `W/"x", ${etag}` })).toMatchObject({
      statusCode: 304,
      body: '',
      headers: { etag, 'content-security-policy': expect.anything() },
    })
    expect((await get('/', { 'If-None-Match': '"x"' })).statusCode).toBe(200)
  })

  it('is sent in the best form that the browser takes, with a tag for each form', async () => {
    const { get } = pageWorld()
    const forms = await Promise.all(
      ['gzip, deflate, br', 'gzip', ''].map(accepted => get('/', { 'accept-encoding': accepted })),
    )
    expect(forms.map(contentOf)).toEqual(['index.html br', 'index.html gzip', 'index.html identity'])
    expect(forms.map(({ headers }) => headers?.['content-encoding'])).toEqual(['br', 'gzip', undefined])
    expect(new Set(forms.map(({ headers }) => headers?.['etag'])).size).toBe(3)
    expect(forms.every(({ headers }) => headers?.['vary'] === 'accept-encoding')).toBe(true)
  })

  it('is answered to HEAD as to GET, without a body', async () => {
    const { get } = pageWorld()
    const { headers } = await get('/')
    expect(await get('/', {}, 'HEAD')).toEqual({ statusCode: 200, headers, body: '', isBase64Encoded: false })
    expect(await get('/assets/none.js', {}, 'HEAD')).toMatchObject({ statusCode: 404, body: '' })
  })

  it('says in plain text that there is no such file', async () => {
    const { get } = pageWorld()
    for (const path of ['/assets/none.js', '/assets/', '/assets/../index.html', '/assets/__proto__']) {
      const answer = await get(path)
      expect(answer).toMatchObject({
        statusCode: 404,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
      })
      expect(answer.body).toContain('Load the page again')
    }
  })

  it('leaves every other path and method to the API, which asks for the key', async () => {
    const { get } = pageWorld()
    const others = ['/index.html', '/assets', '/files.json', '//', '/api/v1/collection', '/favicon.ico']
    for (const path of others) expect([path, (await get(path)).statusCode]).toEqual([path, 401])
    expect((await get('/', {}, 'POST')).statusCode).toBe(401)
  })

  it('that cannot be read is an error in the log, and says no more', async () => {
    const { ports, logged } = adminWorld()
    const broken = { ...ports.page, read: () => Promise.reject(new Error('EIO: broken')) }
    const handler = adminApi({ ...ports, page: broken })
    const answer = await handler(toRequest({ method: 'GET', path: '/' }), CONTEXT)
    expect(answer).toMatchObject({ statusCode: 500, body: 'The page cannot be read.\n' })
    expect(logged).toEqual([expect.objectContaining({ level: 'error' })])
  })
})

describe('the encoding of an answer', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['GZIP;q=0.8', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br; q=0.0', 'identity'],
    ['identity', 'identity'],
    ['*', 'identity'],
    ['', 'identity'],
    [';;,,q=1, br;q=x', 'identity'],
    [undefined, 'identity'],
  ])('for %j is %s', (header, encoding) => {
    expect(chooseEncoding(header)).toBe(encoding)
  })
})
