import { describe, expect, it } from 'vitest'
import { sourceBody, TOKEN } from './admin-world.ts'
import {
  COLLECTOR_ID,
  collected,
  currentToken,
  edited,
  SOURCE_ID,
  sourceIn,
  sourceWorld,
  storedSource,
  tokenInUse,
  update,
} from './source-world.ts'

const NEW_TOKEN = 'eyJhbGciOiJFUzI1NiJ9.another-T0ken.signature'
const ERROR = {
  type: 'ThirdPartyConfig',
  code: 401,
  info: 'refused',
  at: '2026-05-06T00:00:00.000Z',
} as const

const listNames = (body: object) => (body as { faults: { field: string }[] }).faults.map(({ field }) => field)

describe('an update', () => {
  it('answers the updated source, Pending and with its new tag', async () => {
    const { world, path, etag } = await sourceWorld({ category: 'c', description: 'd' })
    const read = await world.get(path)
    const { description: _, ...config } = sourceIn(read).config
    const body = { source: { ...sourceIn(read), config: { ...config, fields: { team: 'x' } } } }
    const answer = await world.put(path, body, etag)
    expect(answer.status).toBe(200)
    expect(answer.headers['etag']).not.toBe(etag)
    expect(sourceIn(answer)).toEqual({ ...sourceIn(read), config: { ...config, fields: { team: 'x' } } })
    const { body: again, headers } = await world.get(path)
    expect([again, headers['etag']]).toEqual([answer.body, answer.headers['etag']])
  })

  it('keeps the time when the source was created', async () => {
    const { world, path } = await sourceWorld()
    const before = storedSource(world)
    world.state.nowMs += 1e9
    await update(world, path, { category: 'new' })
    expect(storedSource(world)).toEqual({ ...before, category: 'new', version: 2 })
  })

  it.each([
    ['absent', undefined],
    ['null', null],
    ['the mask', '********'],
  ])('keeps the token if it is %s', async (_, api_token) => {
    const { world, path } = await sourceWorld()
    const before = new Map(world.secrets)
    expect((await update(world, path, { api_token, description: 'x' })).status).toBe(200)
    expect(world.secrets).toEqual(before)
    expect(tokenInUse(world)).toBe(TOKEN)
  })

  it('replaces the token, changes the tag even if nothing else changes, and shows the token nowhere', async () => {
    const { world, path, etag } = await sourceWorld()
    const answer = await update(world, path, { api_token: NEW_TOKEN })
    expect(answer.status).toBe(200)
    expect(answer.headers['etag']).not.toBe(etag)
    expect(sourceIn(answer).config).toEqual(sourceIn(await world.get(path)).config)
    expect([tokenInUse(world), currentToken(world)]).toEqual([NEW_TOKEN, NEW_TOKEN])
    expect(world.output()).not.toContain('T0ken')
  })

  it.each(['*', '***', '*********', '', 'two words', 7])('refuses the token %j', async api_token => {
    const { world, path } = await sourceWorld()
    const { status, body } = await update(world, path, { api_token })
    expect([status, listNames(body)]).toEqual([400, ['config.api_token']])
    expect(tokenInUse(world)).toBe(TOKEN)
  })

  it('accepts what Terraform sends: the create body with the id, and no start time', async () => {
    const { world, path, etag } = await sourceWorld({ start_time: '2026-05-01T00:00:00Z' })
    const { status, body } = await world.put(path, sourceBody({ category: 'c' }, { id: SOURCE_ID }), etag)
    expect(status).toBe(200)
    expect(body['source']).toMatchObject({ config: { category: 'c', start_time: '2026-05-01T00:00:00Z' } })
  })

  it('accepts the start time that the source has, however old it is by now, and no other time as old', async () => {
    const { world, path } = await sourceWorld({ start_time: '2026-05-01T00:00:00Z' })
    world.state.nowMs += 200 * 86_400_000
    expect((await update(world, path, { category: 'c' })).status).toBe(200)
    expect((await update(world, path, { start_time: '2026-05-01T01:00:00+01:00' })).status).toBe(200)
    const { body } = await update(world, path, { start_time: '2026-05-01T00:00:01Z' })
    expect(listNames(body)).toEqual(['config.start_time'])
  })

  it('ignores members that clients send back with the settings, and accepts any version of the schema', async () => {
    const { world, path, etag } = await sourceWorld()
    const rest = {
      name: 'not it',
      category: 'not it',
      alive: false,
      state: { state: 'Upgrading' },
      schemaRef: { type: '1Password', version: 'latest' },
      hashAlgorithm: 'MD5',
    }
    const body = { 'api.version': 'v1', ...edited(await world.get(path), {}, rest) }
    const answer = await world.put(path, body, etag)
    expect(answer.status).toBe(200)
    expect([sourceIn(answer), answer.headers['etag']]).toEqual([sourceIn(await world.get(path)), etag])
  })

  it('reports all faults together and writes nothing', async () => {
    const { world, path } = await sourceWorld()
    const read = await world.get(path)
    const before = storedSource(world)
    const wrong = { name: '', base_url: 'evil.example', supported_apis: [], polling: 1, api_token: '*' }
    const body = edited(read, wrong, { id: String(SOURCE_ID), sourceType: 'HTTP', schemaRef: undefined })
    const { status, body: error } = await world.put(`${path}?autoEnableFields=x`, body, read.headers['etag'])
    expect(status).toBe(400)
    expect(listNames(error).sort()).toEqual([
      'autoEnableFields',
      'config.api_token',
      'config.base_url',
      'config.name',
      'config.polling',
      'config.supported_apis',
      'id',
      'schemaRef',
      'sourceType',
    ])
    expect([storedSource(world), world.due]).toEqual([before, []])
  })

  it.each([undefined, null, SOURCE_ID + 1, `${SOURCE_ID}`])('refuses the id %j', async id => {
    const { world, path, etag } = await sourceWorld()
    const { status, body } = await world.put(path, sourceBody({}, { id }), etag)
    expect([status, body['code'], listNames(body)]).toEqual([400, 'collectors.validation.id.invalid', ['id']])
  })
})

describe('the precondition of an update', () => {
  it.each([undefined, '', '  '])('must be given: 403 for If-Match %j', async tag => {
    const { world, path } = await sourceWorld()
    const headers = { 'If-Match': tag }
    const body = edited(await world.get(path), { category: 'new' })
    const { status, body: error } = await world.send({ method: 'PUT', path, body, headers })
    expect([status, error['code']]).toEqual([403, 'forbidden'])
    expect(storedSource(world).version).toBe(1)
  })

  it('must be the present tag: 412 for an old one', async () => {
    const { world, path, etag } = await sourceWorld()
    const body = edited(await world.get(path), { category: 'new' })
    expect((await world.put(path, body, etag)).status).toBe(200)
    expect((await world.put(path, body, etag)).status).toBe(412)
    expect((await world.put(path, body, '*')).status).toBe(200)
  })

  it('still holds after the state has changed, and after a restart', async () => {
    const { world, path, etag } = await sourceWorld()
    const body = edited(await world.get(path), { category: 'new' })
    collected(world, { version: 1, state: 'Error', error: ERROR, halted: true })
    expect((await world.get(path)).headers['etag']).toBe(etag)
    await world.post(`${path}/action/restart`)
    expect((await world.get(path)).headers['etag']).toBe(etag)
    expect((await world.put(path, body, etag)).status).toBe(200)
  })

  it('is checked only for a source that exists', async () => {
    const { world, sources } = await sourceWorld()
    const { status, body } = await world.put(`${sources}/100000009`, 'not json', '"x"')
    expect([status, body['code']]).toEqual([404, 'collectors.source.invalid'])
  })
})

describe('a changed name', () => {
  it('is reserved at once, and the old name is free at once', async () => {
    const { world, sources, path } = await sourceWorld()
    expect((await update(world, path, { name: 'New' })).status).toBe(200)
    expect((await world.post(sources, sourceBody({ name: 'New' }))).status).toBe(400)
    expect((await world.post(sources, sourceBody({ name: '1Pass' }))).status).toBe(201)
    const { status, body } = await update(world, path, { name: '1Pass' })
    expect([status, body['code']]).toEqual([400, 'collectors.validation.name.duplicate'])
    expect(sourceIn(await world.get(path)).config['name']).toBe('New')
  })

  it('can be changed back', async () => {
    const { world, sources, path } = await sourceWorld()
    await update(world, path, { name: 'New' })
    world.state.nowMs += 1
    expect((await update(world, path, { name: '1Pass' })).status).toBe(200)
    expect((await world.post(sources, sourceBody())).status).toBe(400)
    expect((await world.post(sources, sourceBody({ name: 'New' }))).status).toBe(201)
  })
})

describe('the tasks of an updated source', () => {
  it('begin again from Pending, at the same cursor', async () => {
    const { world, path } = await sourceWorld()
    collected(world, { version: 1, state: 'Error', error: ERROR, halted: true, cursor: 'c', pages: 3 })
    await update(world, path, { category: 'new' })
    expect(world.tasks).toHaveLength(2)
    for (const task of world.tasks) expect(task).toMatchObject({ state: 'Pending', cursor: 'c', pages: 3 })
    for (const task of world.tasks) expect([task.error, task.halted]).toEqual([undefined, undefined])
    expect(sourceIn(await world.get(path)).state).toEqual({ state: 'Pending' })
    expect(world.due).toEqual(
      ['sign-in', 'itemUsage'].map(api => ({
        collectorId: COLLECTOR_ID,
        sourceId: SOURCE_ID,
        api,
        reason: 'updated',
      })),
    )
  })

  it('show nothing of a run that was for the version before', async () => {
    const { world, path } = await sourceWorld()
    await update(world, path, { category: 'new' })
    collected(world, { version: 1, state: 'Error', error: ERROR })
    expect(sourceIn(await world.get(path)).state).toEqual({ state: 'Pending' })
    collected(world, { version: 2 })
    expect(sourceIn(await world.get(path)).state).toMatchObject({ state: 'Error', errorInfo: 'refused' })
  })

  it('are those of its APIs: the task of a new API begins with the first window, and the task of a removed API no longer counts', async () => {
    const { world, path } = await sourceWorld({ start_time: '2026-05-01T00:00:00Z' })
    collected(world, { version: 1, state: 'Error', error: ERROR, halted: true, cursor: 'c' })
    world.state.nowMs += 1e9
    await update(world, path, { supported_apis: ['itemUsage', 'auditEvents'] })
    const findTask = (wanted: string) => world.tasks.find(({ api }) => api === wanted)
    expect(findTask('auditEvents')).toMatchObject({
      state: 'Pending',
      startTime: '2026-05-01T00:00:00Z',
      chain: 1,
    })
    expect(findTask('sign-in')).toMatchObject({ state: 'Error', cursor: 'c' })
    expect(world.due.map(({ api }) => api)).toEqual(['itemUsage', 'auditEvents'])
    expect(sourceIn(await world.get(path)).state).toEqual({ state: 'Pending' })
  })

  it('continue from the cursor if an API that was removed comes back', async () => {
    const { world, path } = await sourceWorld()
    collected(world, { version: 1, state: 'Collecting', cursor: 'c' })
    await update(world, path, { supported_apis: ['itemUsage'] })
    await update(world, path, { supported_apis: ['itemUsage', 'sign-in'] })
    expect(world.tasks.map(({ api, cursor }) => [api, cursor])).toEqual([
      ['sign-in', 'c'],
      ['itemUsage', 'c'],
    ])
  })
})

describe('autoEnableFields', () => {
  const enabled = async (world: Awaited<ReturnType<typeof sourceWorld>>['world']) =>
    Object.keys((await world.ports.registry.fieldSchema()).fields)

  it('adds the fields of a source to the schema, which an update without it does not', async () => {
    const { world, sources, path } = await sourceWorld({ fields: { a: '1' } })
    expect(await enabled(world)).toEqual([])
    await world.post(`${sources}?autoEnableFields=true`, sourceBody({ name: 'b', fields: { b: '1' } }))
    await update(world, path, { fields: { c: '1' } }, '?autoEnableFields=false')
    expect(await enabled(world)).toEqual(['b'])
    await update(world, path, { fields: { c: '1' } }, '?autoEnableFields=true')
    expect((await enabled(world)).toSorted()).toEqual(['b', 'c'])
  })
})

describe('an update whose optional work fails', () => {
  it('succeeds, and logs the work that is left to be done', async () => {
    const { world, path } = await sourceWorld()
    const away = async () => Promise.reject(new Error('away'))
    world.readapt(ports => ({
      ...ports,
      registry: { ...ports.registry, releaseName: away },
      tokenWriter: { ...ports.tokenWriter, promoteToken: away },
      tasks: { ...ports.tasks, apply: away },
      bus: { ...ports.bus, publishDue: away },
    }))
    expect((await update(world, path, { name: 'New', api_token: NEW_TOKEN })).status).toBe(200)
    expect([storedSource(world).name, tokenInUse(world), currentToken(world)]).toEqual([
      'New',
      NEW_TOKEN,
      TOKEN,
    ])
    expect(world.logged.map(({ message }) => message)).toEqual([
      'the token in use is not the current one of its secret',
      'the old name stays reserved for a minute',
      'the token in use is not the current one of its secret',
      'the next tick renews the task',
      'the next tick renews the task',
      'collection waits for the tick',
    ])
  })
})
