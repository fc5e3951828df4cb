import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openKeptAccount } from '../../../infra/local/kept-account.ts'
import { toRealAccount } from '../../../infra/local/real-account.ts'
import { type CollectedAccount, fetchSource, register } from '../../../infra/local/registration.ts'
import { temporaryFolder } from '../../support/folders.ts'

const makeToken = (claims: object): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`

const ACCOUNT: CollectedAccount = {
  sourceName: '1Password',
  description: 'a test',
  baseUrl: 'https://events.1password.com',
  token: 'the-token',
  apis: ['sign-in'],
  startTime: '2026-01-01T00:00:00Z',
  close: async () => {},
}

/** An admin API that remembers what was created, and fails on demand. */
async function anAdmin() {
  const seen: { method: string; path: string; authorization: string; body: unknown }[] = []
  const existing = new Set<string>()
  const admin = { fails: '', faults: undefined as object[] | undefined }
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const [method = '', path = ''] = [request.method, request.url]
    seen.push({
      method,
      path,
      authorization: request.headers.authorization ?? '',
      body: text && JSON.parse(text),
    })
    const kind = path.endsWith('/sources') || path.includes('/sources/') ? 'source' : 'collector'
    const id = kind === 'source' ? 22 : 11
    const created = method === 'POST' ? `${path}/${id}` : path
    const status = admin.fails === kind ? 400 : method === 'POST' || existing.has(path) ? 200 : 404
    if (status === 200) existing.add(created)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify(
        status === 200
          ? { [kind]: { id, config: { supported_apis: ['sign-in'] }, state: { state: 'Pending' } } }
          : { status, faults: admin.faults },
      ),
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const access = {
    url: `http://127.0.0.1:${port}`,
    ownerHeaders: () => ({ authorization: 'Basic of-the-owner' }),
  }
  const calls = () => seen.splice(0).map(({ method, path }) => `${method} ${path}`)
  return { access, seen, calls, existing, admin }
}

test('registers once per data directory, as a user would, and keeps no token', async () => {
  const { access, seen, calls } = await anAdmin()
  const dataDir = temporaryFolder()
  expect(await register(access, dataDir, ACCOUNT)).toEqual({ collectorId: 11, sourceId: 22, isNew: true })
  expect(seen[0]?.authorization).toBe('Basic of-the-owner')
  expect(seen[1]?.body).toMatchObject({
    source: {
      schemaRef: { type: '1Password' },
      sourceType: 'Universal',
      config: {
        name: '1Password',
        base_url: ACCOUNT.baseUrl,
        api_token: 'the-token',
        supported_apis: ['sign-in'],
      },
    },
  })
  expect(calls()).toEqual(['POST /api/v1/collectors', 'POST /api/v1/collectors/11/sources'])
  expect(await register(access, dataDir, ACCOUNT)).toEqual({ collectorId: 11, sourceId: 22, isNew: false })
  expect(calls()).toEqual(['GET /api/v1/collectors/11/sources/22'])
  expect(readFileSync(join(dataDir, 'registration.json'), 'utf8')).not.toContain('the-token')
})

test('continues with the existing collector if the registration of the source failed', async () => {
  const { access, calls, admin } = await anAdmin()
  const dataDir = temporaryFolder()
  admin.fails = 'source'
  await expect(register(access, dataDir, ACCOUNT)).rejects.toThrow(
    'answered 400 to collectors/11/sources: {"status":400}',
  )
  admin.fails = ''
  calls()
  expect(await register(access, dataDir, ACCOUNT)).toMatchObject({ sourceId: 22 })
  expect(calls()).toEqual(['GET /api/v1/collectors/11', 'POST /api/v1/collectors/11/sources'])
})

test('continues in the same directory with the right token if the first one was wrong', async () => {
  const { access, calls, admin } = await anAdmin()
  const dataDir = temporaryFolder()
  admin.fails = 'source'
  await expect(register(access, dataDir, { ...ACCOUNT, token: 'mistyped' })).rejects.toThrow()
  admin.fails = ''
  calls()
  expect(await register(access, dataDir, ACCOUNT)).toMatchObject({ collectorId: 11, sourceId: 22 })
  expect(calls()).toEqual(['GET /api/v1/collectors/11', 'POST /api/v1/collectors/11/sources'])
})

test('names the variable to set if the admin API refuses the base URL, and only then', async () => {
  const { access, admin } = await anAdmin()
  admin.fails = 'source'
  admin.faults = [{ field: 'config.base_url', message: 'must be a host' }]
  await expect(register(access, temporaryFolder(), ACCOUNT)).rejects.toThrow(
    /must be a host.*set OP_EVENTS_BASE_URL/s,
  )
  admin.faults = [{ field: 'config.name', message: 'is required' }]
  await expect(register(access, temporaryFolder(), ACCOUNT)).rejects.not.toThrow('OP_EVENTS_BASE_URL')
})

test('shows state and APIs of a source, and nothing for a source that is gone', async () => {
  const { access } = await anAdmin()
  const ids = await register(access, temporaryFolder(), ACCOUNT)
  expect(await fetchSource(access, ids)).toEqual({ state: { state: 'Pending' }, apis: ['sign-in'] })
  expect(await fetchSource(access, { ...ids, sourceId: 23 })).toBeUndefined()
})

test('refuses a data directory that belongs to another token', async () => {
  const { access } = await anAdmin()
  const dataDir = temporaryFolder()
  await register(access, dataDir, ACCOUNT)
  await expect(register(access, dataDir, { ...ACCOUNT, token: 'another' })).rejects.toThrow(
    'another account or token',
  )
})

test('reads host and APIs of a real account from its token', () => {
  const token = makeToken({
    aud: ['events.1password.eu'],
    '1password.com/fts': ['itemusages', 'signinattempts'],
  })
  expect(toRealAccount(token)).toMatchObject({
    baseUrl: 'events.1password.eu',
    apis: ['sign-in', 'itemUsage'],
    token,
  })
  expect(toRealAccount(token, 'https://events.1password.ca').baseUrl).toBe('https://events.1password.ca')
})

test.each([
  ['127.0.0.1:8788', 'http://127.0.0.1:8788'],
  ['localhost:8788', 'http://localhost:8788'],
  ['[::1]:8788', 'http://[::1]:8788'],
  ['127.0.0.1', '127.0.0.1'],
  ['localhost.example.com:443', 'localhost.example.com:443'],
  ['events.1password.com', 'events.1password.com'],
])('uses plain HTTP only for a port of this machine: %s', (audience, baseUrl) => {
  expect(toRealAccount(makeToken({ aud: [audience] })).baseUrl).toBe(baseUrl)
})

test.each(['opaque', 'a.b.c', makeToken({}), makeToken([1])])(
  'collects all APIs and requires the host if the token does not name them: %s',
  token => {
    expect(() => toRealAccount(token)).toThrow('set OP_EVENTS_BASE_URL')
    expect(toRealAccount(token, 'https://events.1password.com').apis).toHaveLength(3)
  },
)

test('the simulated account of a data directory is the same after a restart', async () => {
  const wanted = { dataDir: temporaryFolder(), clock: { now: () => Date.UTC(2026, 5, 1) }, eventFiles: [] }
  const first = await openKeptAccount({ ...wanted, seed: 'x', days: 3 })
  await first.close()
  const later = { ...wanted, clock: { now: () => Date.UTC(2026, 5, 2) } }
  const second = await openKeptAccount(later)
  onTestFinished(() => second.close())
  const { baseUrl, token, startTime } = first
  expect(second).toMatchObject({ baseUrl, token, startTime })
  expect(startTime).toBe('2026-05-29T00:00:00Z')
  await expect(openKeptAccount({ ...later, seed: 'y' })).rejects.toThrow('with --seed x')
  await expect(openKeptAccount({ ...later, days: 4 })).rejects.toThrow('with --days 3')
  await expect(openKeptAccount({ ...later, eventFiles: ['f'] })).rejects.toThrow('makes its events up')
  await expect(openKeptAccount(later)).rejects.toThrow(/^Port \d+ is taken\..* use another --data\.$/)
})
