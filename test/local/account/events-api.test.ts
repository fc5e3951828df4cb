import { describe, expect, it } from 'vitest'
import { ask, clockAt, drain, FROM_THE_BEGINNING, fetchPage, NOON, startTestAccount } from './client.ts'

const BAD_REQUEST = '{"Error":{"Message":"Bad Request"}}'
const UNAUTHORIZED = '{"Error":{"Message":"Unauthorized"}}'

describe('introspection', () => {
  it('speaks in capitals in v1 and in lower case in v2', async () => {
    const { url, token } = await startTestAccount()
    const headers = { authorization: `Bearer ${token}` }
    const v1 = await fetch(`${url}/api/auth/introspect`, { headers })
    const v2 = await fetch(`${url}/api/v2/auth/introspect`, { headers })
    const features = ['signinattempts', 'itemusages', 'auditevents']
    const uuid = expect.stringMatching(/^[A-Z2-7]{26}$/)
    const time = expect.stringMatching(/Z$/)
    expect(await v1.json()).toEqual({ UUID: uuid, IssuedAt: time, Features: features })
    expect(await v2.json()).toEqual({ uuid, issued_at: time, features, account_uuid: uuid })
  })

  it('refuses a call without the token', async () => {
    const { url } = await startTestAccount()
    const response = await fetch(`${url}/api/v2/auth/introspect`)
    expect([response.status, await response.text()]).toEqual([401, UNAUTHORIZED])
  })

  it('shows the features that are left', async () => {
    const account = await startTestAccount()
    account.setFeatures(['itemusages'])
    const headers = { authorization: `Bearer ${account.token}` }
    const response = await fetch(`${account.url}/api/v2/auth/introspect`, { headers })
    expect(await response.json()).toMatchObject({ features: ['itemusages'] })
  })
})

describe('the token', () => {
  it('has the form and the claims of a real one', async () => {
    const { token, port } = await startTestAccount()
    const [header, payload, signature] = token.split('.')
    const claims = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString())
    expect(claims(header)).toMatchObject({ alg: 'ES256', typ: 'JWT' })
    expect(claims(payload)).toEqual({
      aud: [`127.0.0.1:${port}`],
      '1password.com/fts': ['signinattempts', 'itemusages', 'auditevents'],
      '1password.com/auuid': expect.stringMatching(/^[A-Z2-7]{26}$/),
      sub: expect.any(String),
      iss: 'com.1password.b5',
      iat: expect.any(Number),
      jti: expect.any(String),
    })
    expect(signature).not.toBe('')
  })

  it('is the given one if one is given', async () => {
    const account = await startTestAccount({ token: 'opaque' })
    expect(account.token).toBe('opaque')
    expect((await ask(account, 'itemusages', {})).status).toBe(200)
  })

  it.each(['', 'wrong', 'undefined'])('is refused if it is "%s"', async token => {
    const response = await ask(await startTestAccount(), 'auditevents', {}, { token })
    expect([response.status, await response.text()]).toEqual([401, UNAUTHORIZED])
  })

  it('is refused where it lacks the feature, and only there', async () => {
    const account = await startTestAccount()
    account.setFeatures(['itemusages', 'signinattempts'])
    const response = await ask(account, 'auditevents', {})
    expect([response.status, await response.text()]).toEqual([401, UNAUTHORIZED])
    expect((await ask(account, 'itemusages', {})).status).toBe(200)
  })
})

describe('an unknown path', () => {
  it.each(['/api/v1/auth/introspect', '/', '/api/v3/auditevents', '/api/v2/auditevents/'])(
    'is answered with a text: %s',
    async path => {
      const { url, token } = await startTestAccount()
      const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })
      expect([response.status, await response.text()]).toEqual([404, '404 page not found'])
      expect(response.headers.get('content-type')).toContain('text/plain')
    },
  )
})

describe('a request', () => {
  it.each([
    ['an empty body', ''],
    ['null', 'null'],
    ['an array', '[]'],
    ['a string', '"x"'],
    ['no JSON', '{"limit":'],
    ['limit 0', { limit: 0 }],
    ['limit 1001', { limit: 1001 }],
    ['limit 1.5', { limit: 1.5 }],
    ['a limit as text', { limit: '10' }],
    ['null as limit', { limit: null }],
    ['a number as time', { start_time: 1_700_000_000 }],
    ['a date without time', { start_time: '2025-11-01' }],
    ['a day that does not exist', { start_time: '2025-02-30T00:00:00Z' }],
    ['a time without zone', { end_time: '2025-11-01T00:00:00' }],
    ['an end before the start', { start_time: '2025-11-02T00:00:00Z', end_time: '2025-11-01T00:00:00Z' }],
    ['an empty cursor', { cursor: '' }],
    ['a cursor of nobody', { cursor: 'aGVsbG8hIGlzIGl0IG1lIHlvdSBhcmUgbG9va2luZyBmb3IK' }],
    ['a cursor that is no text', { cursor: 5 }],
  ])('is refused with %s', async (_, body) => {
    const response = await ask(await startTestAccount(), 'itemusages', body)
    expect([response.status, await response.text()]).toEqual([400, BAD_REQUEST])
  })

  it.each([{ limit: 10 }, { start_time: '2025-11-01T00:00:00Z' }, { end_time: '2025-11-06T00:00:00Z' }])(
    'is refused with a cursor and %o',
    async extra => {
      const account = await startTestAccount()
      const { cursor } = await fetchPage(account, 'itemusages', {})
      expect((await ask(account, 'itemusages', { cursor, ...extra })).status).toBe(400)
    },
  )

  it('is refused with the cursor of another stream or with a damaged one', async () => {
    const account = await startTestAccount()
    const { cursor } = await fetchPage(account, 'itemusages', {})
    expect((await ask(account, 'auditevents', { cursor })).status).toBe(400)
    expect((await ask(account, 'itemusages', { cursor: `${cursor}AA` })).status).toBe(400)
    expect((await ask(account, 'itemusages', { cursor: cursor.slice(0, -3) })).status).toBe(400)
  })

  it('of {} means 100 events of the last hour', async () => {
    const account = await startTestAccount({ eventsPerDay: 20_000 })
    const { items, has_more } = await fetchPage(account, 'itemusages', {})
    const hour = await drain(account, 'itemusages', { limit: 1000, start_time: '2025-11-05T11:00:00Z' })
    expect(items).toHaveLength(100)
    expect(has_more).toBe(true)
    expect(items).toEqual(hour.items.slice(0, 100))
    expect(hour.items.every(({ timestamp }) => timestamp >= '2025-11-05T11:00:00')).toBe(true)
  })

  it('without a start begins an hour before its end', async () => {
    const account = await startTestAccount({ eventsPerDay: 5000 })
    const end_time = '2025-11-04T16:00:00+01:00'
    const { items } = await drain(account, 'itemusages', { limit: 1000, end_time })
    const window = { limit: 1000, start_time: '2025-11-04T14:00:00Z', end_time: '2025-11-04T15:00:00Z' }
    expect(items.length).toBeGreaterThan(50)
    expect(items).toEqual((await drain(account, 'itemusages', window)).items)
  })

  it('includes the event at its start and not the one at its end, to the nanosecond', async () => {
    const account = await startTestAccount()
    const { items } = await drain(account, 'itemusages', FROM_THE_BEGINNING)
    const [first, middle, last] = [items[3], items[4], items[5]].map(item => item?.timestamp)
    const window = await drain(account, 'itemusages', { start_time: first, end_time: last })
    expect(window.items.map(({ timestamp }) => timestamp)).toEqual([first, middle])
  })

  it('may have a start and an end that are the same', async () => {
    const time = '2025-11-05T10:00:00Z'
    const page = await fetchPage(await startTestAccount(), 'itemusages', { start_time: time, end_time: time })
    expect(page).toMatchObject({ items: [], has_more: false })
  })
})

describe('the rate limits', () => {
  const rateLimits = { perMinute: 6, perHour: 9 }

  it('count all streams together over a sliding minute', async () => {
    const clock = clockAt()
    const account = await startTestAccount({ clock, rateLimits })
    const statuses = async (count: number) => {
      const features = ['signinattempts', 'itemusages', 'auditevents'] as const
      const answers = Array.from({ length: count }, (_, n) =>
        ask(account, features[n % 3] ?? 'itemusages', {}),
      )
      return (await Promise.all(answers)).map(({ status }) => status).sort()
    }
    expect(await statuses(4)).toEqual([200, 200, 200, 200])
    clock.at += 30_000
    expect(await statuses(3)).toEqual([200, 200, 429])
    clock.at += 30_000
    expect(await statuses(4)).toEqual([200, 200, 200, 429])
  })

  it('begin anew when the hour has passed', async () => {
    const clock = clockAt()
    const account = await startTestAccount({ clock, rateLimits: { perMinute: 100, perHour: 2 } })
    for (const expected of [200, 200, 429])
      expect((await ask(account, 'itemusages', {})).status).toBe(expected)
    clock.at = NOON + 3_600_000
    expect((await ask(account, 'itemusages', {})).status).toBe(200)
  })

  it('are 600 a minute unless told otherwise', async () => {
    const account = await startTestAccount({ rateLimits: { perMinute: 600, perHour: 30_000 } })
    for (let count = 0; count < 600; count += 50) {
      await Promise.all(Array.from({ length: 50 }, () => ask(account, 'auditevents', { limit: 1 })))
    }
    expect(account.counters()).toEqual({ 'auditevents 200': 600 })
    expect((await ask(account, 'itemusages', {})).status).toBe(429)
  })
})

describe('the request log', () => {
  it('has requests and statuses, and never the token', async () => {
    const account = await startTestAccount()
    await ask(account, 'itemusages', { limit: 3 })
    await ask(account, 'itemusages', { limit: 0 })
    expect(account.requests).toEqual([
      {
        at: NOON,
        method: 'POST',
        path: '/api/v2/itemusages',
        feature: 'itemusages',
        status: 200,
        mode: 'ok',
        body: '{"limit":3}',
      },
      expect.objectContaining({ status: 400 }),
    ])
    expect(JSON.stringify(account.requests)).not.toContain(account.token)
  })
})
