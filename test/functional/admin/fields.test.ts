import { describe, expect, it } from 'vitest'
import { type AdminWorld, adminWorld, COLLECTOR, sourceBody, withCollector } from './admin-world.ts'

const PATH = '/api/v1/fields'

async function field(world: AdminWorld, fieldName: string): Promise<string> {
  const { status, body } = await world.post(PATH, { fieldName })
  expect(status).toBe(200)
  return String(body['fieldId'])
}

const readState = async (world: AdminWorld, id: string): Promise<unknown> =>
  (await world.get(`${PATH}/${id}`)).body['state']

const refusal = (code: string) => ({
  id: expect.stringMatching(/^[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}$/),
  errors: [{ code, message: expect.any(String) }],
})

async function dropped(world: AdminWorld): Promise<string[]> {
  const { body } = await world.get(`${PATH}/dropped`)
  return (body['data'] as { fieldName: string }[]).map(({ fieldName }) => fieldName)
}

describe('the field schema', () => {
  it('accepts a field as Terraform sends it, and shows it alone and in the list, String and Enabled', async () => {
    const world = adminWorld()
    const empty = { fieldId: '', dataType: '', state: '', fieldName: 'hostIP' }
    const { status, headers, body } = await world.post(PATH, empty)
    expect([status, body]).toEqual([
      200,
      { fieldName: 'hostIP', fieldId: '0000000005F5E101', dataType: 'String', state: 'Enabled' },
    ])
    expect(await world.get(`${PATH}/0000000005F5E101`)).toMatchObject({
      status: 200,
      body,
      headers: { etag: headers['etag'] },
    })
    expect((await world.get(`${PATH}/0000000005f5e101`)).body).toEqual(body)
    expect((await world.get(PATH)).body).toEqual({ data: [body] })
  })

  it('is empty at first and has room for 400', async () => {
    const world = adminWorld()
    expect((await world.get(PATH)).body).toEqual({ data: [] })
    expect((await world.get(`${PATH}/quota`)).body).toEqual({ quota: 400, remaining: 400 })
    await field(world, 'one')
    expect((await world.get(`${PATH}/quota`)).body).toEqual({ quota: 400, remaining: 399 })
  })

  it.each(['one', '_sourceCategory'])('accepts the name %s only once', async fieldName => {
    const world = adminWorld()
    await field(world, 'one')
    const { status, body } = await world.post(PATH, { fieldName })
    expect(status).toBe(400)
    expect(body).toEqual({
      id: expect.any(String),
      errors: [{ code: 'field:already_exists', message: 'Field with the given name already exists' }],
    })
  })

  it.each([
    ['ONE', 'field:already_exists', 'Field with the given name already exists: one. Case does not count.'],
    ['_SourceCategory', 'field:invalid_name', 'fieldName: must be spelt _sourceCategory.'],
    ['_siemforward', 'field:invalid_name', 'fieldName: must be spelt _siemForward.'],
  ])('refuses %s beside a name that differs only in case', async (fieldName, code, message) => {
    const world = adminWorld()
    await field(world, 'one')
    const { status, body } = await world.post(PATH, { fieldName })
    expect([status, body['errors']]).toEqual([400, [{ code, message }]])
  })

  it('counts a field as in use, and as delivered, if a source spells it in another case', async () => {
    const world = adminWorld()
    const id = await field(world, 'Team')
    const sources = await withCollector(world)
    await world.post(`${sources}?autoEnableFields=true`, sourceBody({ fields: { team: 'red' } }))
    expect(((await world.get(PATH)).body['data'] as { fieldName: string }[]).map(f => f.fieldName)).toEqual([
      'Team',
    ])
    expect(await dropped(world)).toEqual([])
    expect((await world.delete(`${PATH}/${id}`)).body).toEqual(refusal('field:in_use'))
    await world.delete(`${PATH}/${id}/disable`)
    expect(await dropped(world)).toEqual(['team'])
    const other = sourceBody({ name: 'other', fields: { TEAM: 'blue' } })
    expect((await world.post(`${sources}?autoEnableFields=true`, other)).status).toBe(201)
    expect(await readState(world, id)).toBe('Enabled')
  })

  it('delivers the fields of Cloud SIEM without an entry, and drops those that are switched off', async () => {
    const world = adminWorld()
    await world.post(await withCollector(world), sourceBody({ fields: { _siemForward: true } }))
    const id = await field(world, '_siemForward')
    expect(await dropped(world)).toEqual([])
    await world.delete(`${PATH}/${id}/disable`)
    expect(await dropped(world)).toEqual(['_siemForward'])
  })

  it.each([
    [{}],
    [{ fieldName: '' }],
    [{ fieldName: 1 }],
    [{ fieldName: 'x'.repeat(256) }],
    [{ fieldName: '𝕏'.repeat(255) }],
    [{ fieldName: '__proto__' }],
    [{ fieldName: 'line\nbreak' }],
    [{ fieldName: '\ud800' }],
  ])('refuses %j', async body => {
    const answer = await adminWorld().post(PATH, body)
    expect([answer.status, answer.body]).toEqual([400, refusal('field:invalid_name')])
  })

  it('accepts every name that is neither too long nor broken, also names of object members', async () => {
    const world = adminWorld()
    for (const name of ['toString', 'hasOwnProperty', 'x'.repeat(255), 'ü ✓', 'a.b']) await field(world, name)
    expect(((await world.get(PATH)).body['data'] as object[]).length).toBe(5)
  })

  it('switches a field off and on again, with an empty If-Match and a null body, any number of times', async () => {
    const world = adminWorld()
    const id = await field(world, 'one')
    for (let i = 0; i < 2; i++) {
      expect(await world.delete(`${PATH}/${id}/disable`)).toMatchObject({ status: 204, text: '' })
      expect(await readState(world, id)).toBe('Disabled')
    }
    for (let i = 0; i < 2; i++) {
      const { status, headers } = await world.get(`${PATH}/${id}/enable`)
      expect([status, headers['etag']]).toEqual([200, expect.any(String)])
      const enable = {
        method: 'PUT',
        path: `${PATH}/${id}/enable`,
        body: 'null',
        headers: { 'If-Match': '' },
      }
      expect(await world.send(enable)).toMatchObject({ status: 204, text: '' })
      expect(await readState(world, id)).toBe('Enabled')
    }
  })

  it('deletes a field that nothing refers to: 204, then 404', async () => {
    const world = adminWorld()
    const id = await field(world, 'one')
    expect(await world.delete(`${PATH}/${id}`)).toMatchObject({ status: 204, text: '' })
    for (const method of ['GET', 'DELETE']) {
      const { status, body } = await world.send({ method, path: `${PATH}/${id}` })
      expect([status, body]).toEqual([404, refusal('field:not_found')])
    }
    await field(world, 'one')
  })

  it.each(['00000000FFFFFFFF', '1', 'x', 'quotas'])('finds no field %s', async id => {
    const world = adminWorld()
    for (const [method, path] of [
      ['GET', id],
      ['DELETE', id],
      ['GET', `${id}/enable`],
      ['PUT', `${id}/enable`],
      ['DELETE', `${id}/disable`],
      ['GET', `builtin/${id}`],
    ] as const) {
      const { status, body } = await world.send({ method, path: `${PATH}/${path}` })
      expect([path, status, body]).toEqual([path, 404, refusal('field:not_found')])
    }
  })

  it('keeps a field while a collector or a source refers to it', async () => {
    const world = adminWorld()
    const ids = [await field(world, 'ofCollector'), await field(world, 'tasksOfSource')]
    await world.post('/v1/collectors', {
      collector: { ...COLLECTOR.collector, fields: { ofCollector: 'x' } },
    })
    await world.post('/v1/collectors/100000003/sources', sourceBody({ fields: { tasksOfSource: 'x' } }))
    for (const id of ids) {
      const { status, body } = await world.delete(`${PATH}/${id}`)
      expect([status, body]).toEqual([400, refusal('field:in_use')])
    }
    await world.delete('/v1/collectors/100000003')
    for (const id of ids) expect((await world.delete(`${PATH}/${id}`)).status).toBe(204)
  })

  it('loses no field of many that are created at once', async () => {
    const world = adminWorld()
    const names = Array.from({ length: 10 }, (_, i) => `f${i}`)
    await Promise.all(names.map(name => field(world, name)))
    const { data } = (await world.get(PATH)).body
    expect((data as { fieldName: string }[]).map(({ fieldName }) => fieldName)).toEqual(names)
  })

  it('answers 409 if other requests are always faster', async () => {
    const world = adminWorld(ports => ({
      ...ports,
      registry: { ...ports.registry, replaceFieldSchema: async () => false },
    }))
    const { status, body } = await world.post(PATH, { fieldName: 'x' })
    expect([status, body]).toEqual([409, refusal('resource.conflict')])
  })

  it('has built-in fields, which cannot be changed', async () => {
    const world = adminWorld()
    const { data } = (await world.get(`${PATH}/builtin`)).body as { data: { [member: string]: string }[] }
    expect(data.map(({ fieldName }) => fieldName)).toEqual(
      expect.arrayContaining(['_sourceHost', '_sourceCategory']),
    )
    for (const builtin of data) {
      const path = `${PATH}/builtin/${builtin['fieldId']}`
      expect((await world.get(path)).body).toEqual(builtin)
      for (const call of [`${builtin['fieldId']}`, `${builtin['fieldId']}/disable`]) {
        const { status, body } = await world.delete(`${PATH}/${call}`)
        expect([status, body]).toEqual([400, refusal('field:builtin')])
      }
    }
  })
})

describe('dropped fields', () => {
  it('are those that a collector or source sets and the schema lacks or has disabled', async () => {
    const world = adminWorld()
    const id = await field(world, 'disabled')
    await field(world, 'enabled')
    await world.delete(`${PATH}/${id}/disable`)
    await world.post('/v1/collectors', {
      collector: { ...COLLECTOR.collector, fields: { disabled: '1', enabled: '2', toString: '3' } },
    })
    const [{ id: collectorId } = { id: 0 }] = (await world.get('/v1/collectors')).body['collectors'] as {
      id: number
    }[]
    const fields = { unknown: '1', enabled: '2', _siemForward: true, _sourceHost: 'h' }
    await world.post(`/v1/collectors/${collectorId}/sources`, sourceBody({ fields }))
    expect(await dropped(world)).toEqual(['disabled', 'toString', 'unknown'])
    await world.delete(`/v1/collectors/${collectorId}`)
    expect(await dropped(world)).toEqual([])
  })
})

describe('autoEnableFields', () => {
  const withFields = (fields: object) => ({ collector: { ...COLLECTOR.collector, fields } })

  it('adds what the schema lacks and enables what it has disabled', async () => {
    const world = adminWorld()
    const id = await field(world, 'disabled')
    await world.delete(`${PATH}/${id}/disable`)
    const fields = { disabled: '1', fresh: '2', _siemForward: true }
    expect((await world.post('/v1/collectors?autoEnableFields=true', withFields(fields))).status).toBe(201)
    expect(await readState(world, id)).toBe('Enabled')
    expect(await dropped(world)).toEqual([])
    expect(((await world.get(PATH)).body['data'] as object[]).length).toBe(2)
  })

  it.each(['', '?autoEnableFields=false'])('is off by default (%s)', async query => {
    const world = adminWorld()
    expect((await world.post(`/v1/collectors${query}`, withFields({ fresh: '1' }))).status).toBe(201)
    expect(await dropped(world)).toEqual(['fresh'])
  })

  it('also works for an update', async () => {
    const world = adminWorld()
    const created = await world.post('/v1/collectors', COLLECTOR)
    const collector = { ...(created.body['collector'] as object), fields: { fresh: '1' } }
    const path = '/v1/collectors/100000001?autoEnableFields=TRUE'
    expect((await world.put(path, { collector }, created.headers['etag'])).status).toBe(200)
    expect(await dropped(world)).toEqual([])
  })

  it('also works for a source', async () => {
    const world = adminWorld()
    const path = await withCollector(world)
    await world.post(`${path}?autoEnableFields=true`, sourceBody({ fields: { fresh: '1' } }))
    expect(await dropped(world)).toEqual([])
    expect((await world.get(`${PATH}/quota`)).body['remaining']).toBe(399)
  })

  it('refuses another value and names the parameter', async () => {
    const { status, body } = await adminWorld().post('/v1/collectors?autoEnableFields=yes', COLLECTOR)
    expect([status, body['message']]).toEqual([400, 'autoEnableFields: must be true or false.'])
  })

  it('beyond the quota creates neither the collector nor a field, and leaves the name free', async () => {
    const world = adminWorld()
    const fields = Object.fromEntries(
      Array.from({ length: 399 }, (_, i) => [`f${i}`, { id: String(i).padStart(16, '0'), enabled: true }]),
    )
    world.ports.registry.stored.fieldSchema = { schema: 1, version: 1, fields }
    const { status, body } = await world.post(
      '/v1/collectors?autoEnableFields=true',
      withFields({ a: '1', b: '2' }),
    )
    expect([status, body['code']]).toEqual([400, 'field:quota_exceeded'])
    expect((await world.get('/v1/collectors')).body).toEqual({ collectors: [] })
    expect((await world.get(`${PATH}/quota`)).body['remaining']).toBe(1)
    expect((await world.post('/v1/collectors', COLLECTOR)).status).toBe(201)
    await field(world, 'the last')
    const last = await world.post(PATH, { fieldName: 'one more' })
    expect([last.status, last.body]).toEqual([400, refusal('field:quota_exceeded')])
  })
})
