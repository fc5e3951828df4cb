import { describe, expect, it } from 'vitest'
import { TOKEN } from '../admin-world.ts'
import { type HttpAnswer, type HttpWorld, httpWorld } from './http-world.ts'

type Json = Record<string, unknown>

/** json.dumps: spaces after commas and colons, nothing but ASCII. */
const dumps = (value: unknown): string =>
  JSON.stringify(value, undefined, 1)
    .replace(/\n */g, ' ')
    .replace(/[\u0080-\uffff]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** requests.HTTPError: of every status from 400 on; its text holds the body's. */
class HttpError extends Error {
  readonly response: HttpAnswer
  constructor(response: HttpAnswer) {
    super(`${response.status} Error: ${response.text}`)
    this.response = response
  }
  json(): Json {
    return JSON.parse(this.response.text)
  }
}

/**
 * The methods of sumologic-sdk 0.1: the requests that they send and what they read
 * (docs/reference/management-api.md, "Python SDK").
 */
function pythonSdk({ exchange, authorization }: HttpWorld) {
  async function call(method: string, path: string, headers: Record<string, string> = {}, body?: unknown) {
    const own = {
      'User-Agent': 'python-urllib3/2.7.0',
      'Accept-Encoding': 'identity',
      'content-type': 'application/json',
      accept: 'application/json',
      Authorization: authorization,
    }
    const text = body === undefined ? undefined : dumps(body)
    const response = await exchange(method, `/api/v1${path}`, { ...own, ...headers }, text)
    if (response.status >= 400) throw new HttpError(response)
    return response
  }
  const read = async (path: string): Promise<Json> => JSON.parse((await call('GET', path)).text)
  /** KeyError in the original if a member is missing. */
  function member<T>(json: Json, name: string): T {
    if (!Object.hasOwn(json, name)) throw new Error(`KeyError: ${name}`)
    return json[name] as T
  }
  const query = (params: Record<string, string | number | undefined>): string => {
    const given = Object.entries(params).filter(([, value]) => value !== undefined)
    const texts = Object.fromEntries(given.map(([name, value]) => [name, String(value)]))
    return given.length === 0 ? '' : `?${new URLSearchParams(texts)}`
  }
  async function one(path: string): Promise<[Json, string]> {
    const { text, headers } = await call('GET', path)
    return [JSON.parse(text), member<string>(headers as Json, 'etag')]
  }
  const readId = (obj: Json, kind: string): number => member(member<Json>(obj, kind), 'id')
  const tag = (etag: string) => ({ 'If-Match': etag })

  return {
    post: (path: string, body: unknown) => call('POST', path, {}, body),
    collectors: async (limit?: number, offset?: number, filter?: string) =>
      member<Json[]>(await read(`/collectors${query({ limit, offset, filter })}`), 'collectors'),
    collector: (id: number) => one(`/collectors/${id}`),
    createCollector: (obj: Json) => call('POST', '/collectors', {}, obj),
    updateCollector: (obj: Json, etag: string) =>
      call('PUT', `/collectors/${readId(obj, 'collector')}`, tag(etag), obj),
    deleteCollector: (obj: Json) => call('DELETE', `/collectors/${readId(obj, 'collector')}`),
    sources: async (id: number, limit?: number, offset?: number) =>
      member<Json[]>(await read(`/collectors/${id}/sources${query({ limit, offset })}`), 'sources'),
    source: (id: number, sourceId: number) => one(`/collectors/${id}/sources/${sourceId}`),
    createSource: (id: number, obj: Json) => call('POST', `/collectors/${id}/sources`, {}, obj),
    updateSource: (id: number, obj: Json, etag: string) =>
      call('PUT', `/collectors/${id}/sources/${readId(obj, 'source')}`, tag(etag), obj),
    deleteSource: (id: number, obj: Json) =>
      call('DELETE', `/collectors/${id}/sources/${readId(obj, 'source')}`),
    availableBuilds: async () => member<Json[]>(await read('/collectors/upgrades/targets'), 'targets'),
    createField: async (obj: Json): Promise<Json> =>
      JSON.parse((await call('POST', '/fields', {}, obj)).text),
    fields: async () => member<Json[]>(await read('/fields'), 'data'),
    field: (id: string) => read(`/fields/${id}`),
    deleteField: (id: string) => call('DELETE', `/fields/${id}`),
  }
}

const COLLECTOR = {
  collector: { collectorType: 'Hosted', name: 'Sécurité', category: 'onepassword', fields: { team: 'red' } },
}

const SOURCE = {
  'api.version': 'v1',
  source: {
    schemaRef: { type: '1Password' },
    config: {
      name: '1Pass',
      base_url: 'events.1password.com',
      supported_apis: ['itemUsage', 'sign-in'],
      api_token: TOKEN,
      fields: { _siemForward: true },
    },
    state: { state: 'Collecting' },
    sourceType: 'Universal',
  },
}

async function opened() {
  const http = await httpWorld()
  return { http, sumo: pythonSdk(http) }
}

type Sdk = ReturnType<typeof pythonSdk>

async function withSource(sumo: Sdk): Promise<[collectorId: number, sourceId: number]> {
  const { collector } = JSON.parse((await sumo.createCollector(COLLECTOR)).text)
  const { source } = JSON.parse((await sumo.createSource(collector.id, SOURCE)).text)
  return [collector.id, source.id]
}

const failure = (call: Promise<unknown>): Promise<HttpError> =>
  call.then(
    () => Promise.reject(new Error('it succeeded')),
    error => error as HttpError,
  )

describe('the Python SDK', () => {
  it('creates, reads, updates and deletes a collector', async () => {
    const { sumo } = await opened()
    const created = await sumo.createCollector(COLLECTOR)
    expect(created.status).toBe(201)
    const { id } = JSON.parse(created.text).collector
    const [read, etag] = await sumo.collector(id)
    expect(read).toMatchObject({ collector: { ...COLLECTOR.collector, id } })
    const changed = { collector: { ...(read['collector'] as Json), description: 'changed' } }
    const updated = JSON.parse((await sumo.updateCollector(changed, etag)).text)
    expect(updated.collector).toMatchObject({ id, description: 'changed', category: 'onepassword' })
    const deleted = await sumo.deleteCollector(changed)
    expect([deleted.status, deleted.text]).toEqual([200, ''])
    expect((await failure(sumo.collector(id))).json()['code']).toBe('collectors.collector.invalid')
  })

  it('sends a source back as it read it, with state, alive and mask, and the token stays', async () => {
    const { http, sumo } = await opened()
    const [collectorId, sourceId] = await withSource(sumo)
    const [read, etag] = await sumo.source(collectorId, sourceId)
    expect(read).toMatchObject({
      source: { id: sourceId, name: '1Pass', alive: true, config: { api_token: '********' } },
    })
    const source = read['source'] as { config: Json }
    source.config['supported_apis'] = ['sign-in', 'itemUsage', 'auditEvents']
    const { status, text } = await sumo.updateSource(collectorId, read, etag)
    expect(status).toBe(200)
    expect(JSON.parse(text).source.config.supported_apis).toHaveLength(3)
    const secret = http.world.secrets.get(sourceId)
    expect(Object.values(secret?.versions ?? {})).toEqual([TOKEN])
    const stale = await failure(sumo.updateSource(collectorId, read, etag))
    expect(stale.response.status).toBe(412)
    expect(stale.message).toContain('precondition.failed')
  })

  it('restarts a source by a POST without a body, which is sent as null', async () => {
    const { http, sumo } = await opened()
    const [collectorId, sourceId] = await withSource(sumo)
    http.world.due.length = 0
    const { status, text } = await sumo.post(
      `/collectors/${collectorId}/sources/${sourceId}/action/restart`,
      null,
    )
    expect([status, text]).toEqual([200, ''])
    expect(http.world.due.map(({ reason }) => reason)).toEqual(['restarted', 'restarted'])
  })

  it('follows a deleted source until it is gone', async () => {
    const { http, sumo } = await opened()
    const [collectorId, sourceId] = await withSource(sumo)
    const [read] = await sumo.source(collectorId, sourceId)
    expect((await sumo.deleteSource(collectorId, read)).text).toBe('')
    const [stopping] = await sumo.source(collectorId, sourceId)
    expect(stopping).toMatchObject({ source: { state: { state: 'Stopping' } } })
    await http.completeDeletions()
    expect((await failure(sumo.source(collectorId, sourceId))).response.status).toBe(404)
    expect(await sumo.sources(collectorId)).toEqual([])
  })

  it('filters collectors as its own test does, and reads them in pages', async () => {
    const { sumo } = await opened()
    for (const name of ['a', 'b', 'c'])
      await sumo.createCollector({ collector: { collectorType: 'Hosted', name } })
    expect(await sumo.collectors(undefined, undefined, 'Hosted')).toHaveLength(3)
    expect(await sumo.collectors(undefined, undefined, 'Installed')).toEqual([])
    const pages = [await sumo.collectors(2, 0), await sumo.collectors(2, 2), await sumo.collectors(2, 4)]
    expect(pages.map(page => page.map(({ name }) => name))).toEqual([['a', 'b'], ['c'], []])
  })

  it('reads code and message of a refusal', async () => {
    const { sumo } = await opened()
    await sumo.createCollector(COLLECTOR)
    const twice = await failure(sumo.createCollector(COLLECTOR))
    expect(twice.response.status).toBe(400)
    expect(twice.json()['code']).toBe('collectors.validation.name.duplicate')
    expect(twice.message).toContain('A resource with the same name already exists.')
  })

  it('asks for builds and manages fields', async () => {
    const { sumo } = await opened()
    expect(await sumo.availableBuilds()).toEqual([])
    const field = await sumo.createField({ fieldName: 'hostIP' })
    const id = String(field['fieldId'])
    expect(field).toEqual({ fieldName: 'hostIP', fieldId: id, dataType: 'String', state: 'Enabled' })
    expect(await sumo.fields()).toEqual([field])
    expect(await sumo.field(id)).toEqual(field)
    expect((await sumo.deleteField(id)).status).toBe(204)
    expect((await failure(sumo.field(id))).json()['errors']).toEqual([
      { code: expect.any(String), message: expect.any(String) },
    ])
  })
})
