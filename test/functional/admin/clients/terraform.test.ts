import { describe, expect, it } from 'vitest'
import { TOKEN } from '../admin-world.ts'
import { type HttpAnswer, type HttpWorld, httpWorld } from './http-world.ts'

type Json = Record<string, unknown>

/** Go's %T of a JSON value, as its structs want it. */
const isInteger = (value: unknown): boolean => Number.isSafeInteger(value)

/**
 * The calls of sumologic_client.go: paths relative to the base URL (docs/reference/management-api.md, "Terraform
 * provider").
 */
function provider({ exchange, authorization }: HttpWorld, base = '/api/') {
  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const own = {
      'User-Agent': 'SumoLogicTerraformProvider/3.2.9',
      Authorization: authorization,
      'Content-Type': 'application/json',
      'Accept-Encoding': 'gzip',
    }
    const text = body === undefined ? undefined : JSON.stringify(body)
    return await exchange(method, `${base}${path}`, { ...own, ...headers }, text)
  }

  function checked(answer: HttpAnswer): HttpAnswer {
    if (answer.status >= 400) throw new Error(answer.text)
    return answer
  }

  /** nil for 404, so that the resource is forgotten. */
  async function get(path: string): Promise<{ json: Json; etag: string } | undefined> {
    const answer = await call('GET', path)
    if (answer.status === 404) return undefined
    const { text, headers } = checked(answer)
    return { json: JSON.parse(text), etag: String(headers['etag'] ?? '') }
  }

  return {
    get,
    post: async (path: string, body: unknown): Promise<Json> =>
      JSON.parse(checked(await call('POST', path, body)).text),
    /** Every PUT is preceded by a GET of the same path for its tag, which is empty if there is none. */
    async put(path: string, body: unknown): Promise<HttpAnswer> {
      const etag = (await get(path))?.etag ?? ''
      return checked(await call('PUT', path, body, { 'If-Match': etag }))
    },
    putWith: (path: string, body: unknown, etag: string) => call('PUT', path, body, { 'If-Match': etag }),
    delete: async (path: string) => checked(await call('DELETE', path)),
  }
}

const COLLECTOR = {
  collectorType: 'Hosted',
  name: 'terraform',
  description: 'of the security team',
  category: 'onepassword',
  timeZone: 'Etc/UTC',
  fields: { team: 'red', stage: '' },
  ephemeral: false,
}

const CONFIG = {
  name: '1Pass',
  base_url: 'events.1password.com',
  supported_apis: ['itemUsage', 'sign-in'],
  api_token: TOKEN,
  fields: { _siemForward: true },
}

const SOURCE = { sourceType: 'Universal', config: CONFIG, schemaRef: { type: '1Password' } }

async function applied() {
  const http = await httpWorld()
  const terraform = provider(http)
  const { collector } = await terraform.post('v1/collectors', { collector: COLLECTOR })
  const { id: collectorId } = collector as { id: number }
  const { source } = await terraform.post(`v1/collectors/${collectorId}/sources`, { source: SOURCE })
  const { id: sourceId } = source as { id: number }
  return { http, terraform, collectorId, sourceId, path: `v1/collectors/${collectorId}/sources/${sourceId}` }
}

describe('terraform apply', () => {
  it('reads a collector back exactly as it sent it, so that the next plan is empty', async () => {
    const { terraform, collectorId } = await applied()
    const collector = (await terraform.get(`v1/collectors/${collectorId}`))?.json['collector'] as Json
    const { ephemeral: _, ...sent } = COLLECTOR
    expect(collector).toMatchObject(sent)
  })

  it('finds the JSON types that its structs need', async () => {
    const { terraform, collectorId, path } = await applied()
    const collector = (await terraform.get(`v1/collectors/${collectorId}`))?.json['collector'] as Json
    expect([collector['id'], collector['lastSeenAlive']].map(isInteger)).toEqual([true, true])
    expect([typeof collector['alive'], typeof collector['fields'], collector['links']]).toEqual([
      'boolean',
      'object',
      [expect.any(Object)],
    ])
    const source = (await terraform.get(path))?.json['source'] as Json
    expect(isInteger(source['id'])).toBe(true)
    expect(source).toMatchObject({ sourceType: 'Universal', schemaRef: { type: '1Password' } })
  })

  it('updates a collector and a source with bodies as at their creation plus id', async () => {
    const { http, terraform, collectorId, sourceId, path } = await applied()
    const changed = { ...COLLECTOR, id: collectorId, description: 'changed' }
    const collector = await terraform.put(`v1/collectors/${collectorId}`, { collector: changed })
    expect(JSON.parse(collector.text).collector.description).toBe('changed')
    const config = { ...CONFIG, api_token: `${TOKEN}2`, supported_apis: ['auditEvents'] }
    const { text } = await terraform.put(path, { source: { ...SOURCE, id: sourceId, config } })
    expect(JSON.parse(text).source.config).toMatchObject({ supported_apis: ['auditEvents'] })
    expect(Object.values(http.world.secrets.get(sourceId)?.versions ?? {})).toContain(`${TOKEN}2`)
  })

  it('may update a source right after its creation, while it is Pending', async () => {
    const { terraform, sourceId, path } = await applied()
    const source = (await terraform.get(path))?.json['source'] as Json
    expect(source['state']).toEqual({ state: 'Pending' })
    expect((await terraform.put(path, { source: { ...SOURCE, id: sourceId } })).status).toBe(200)
  })

  it('is refused with 403 for an empty If-Match and with 412 for an old one', async () => {
    const { terraform, sourceId, path } = await applied()
    const body = { source: { ...SOURCE, id: sourceId, config: { ...CONFIG, name: 'other' } } }
    expect((await terraform.putWith(path, body, '')).status).toBe(403)
    const etag = (await terraform.get(path))?.etag ?? ''
    expect((await terraform.putWith(path, body, etag)).status).toBe(200)
    expect((await terraform.putWith(path, body, etag)).status).toBe(412)
  })

  it('is told in the raw body what is wrong', async () => {
    const { terraform, collectorId } = await applied()
    const config = { ...CONFIG, base_url: 'evil.example', suported_apis: [] }
    const refused = terraform.post(`v1/collectors/${collectorId}/sources`, { source: { ...SOURCE, config } })
    await expect(refused).rejects.toThrow(
      /config\.suported_apis: is not known.*config\.base_url: must be a host/,
    )
  })

  it('works with a base URL that lacks the slash at its end, which drops /api', async () => {
    const { http, collectorId } = await applied()
    expect(await provider(http, '/').get(`v1/collectors/${collectorId}`)).toBeDefined()
  })
})

describe('terraform import', () => {
  it('finds collector and source by their names', async () => {
    const { terraform, collectorId, sourceId } = await applied()
    const collector = (await terraform.get(`v1/collectors/name/${encodeURIComponent('terraform')}`))?.json
    expect(collector?.['collector']).toMatchObject({ id: collectorId })
    const sources = (await terraform.get(`v1/collectors/${collectorId}/sources`))?.json['sources'] as Json[]
    expect(sources.find(({ name }) => name === '1Pass')).toMatchObject({ id: sourceId })
  })
})

describe('the data source of a collector', () => {
  it.each([
    'env/collector',
    'a/b/c',
    'name/sources',
    'x/sources/5',
    'dir/',
    'with space/ü',
    '/lead',
    'a.b/c.d',
  ])('finds %s, whose slashes the provider sends as they are', async name => {
    const { terraform, collectorId } = await applied()
    const { collector } = await terraform.post('v1/collectors', { collector: { ...COLLECTOR, name } })
    const { id } = collector as { id: number }
    expect(id).not.toBe(collectorId)
    const escaped = name.split('/').map(encodeURIComponent).join('/')
    expect((await terraform.get(`v1/collectors/name/${escaped}`))?.json['collector']).toMatchObject({
      id,
      name,
    })
  })

  it('forgets a name with a slash that there is not', async () => {
    const { terraform } = await applied()
    expect(await terraform.get('v1/collectors/name/terraform/x')).toBeUndefined()
  })
})

describe('terraform destroy', () => {
  it('deletes a source and at once its collector; then both are gone', async () => {
    const { terraform, collectorId, path } = await applied()
    expect((await terraform.delete(path)).status).toBe(200)
    expect((await terraform.get(path))?.json['source']).toMatchObject({ state: { state: 'Stopping' } })
    expect((await terraform.delete(`v1/collectors/${collectorId}`)).status).toBe(200)
    expect(await terraform.get(path)).toBeUndefined()
    expect(await terraform.get(`v1/collectors/${collectorId}`)).toBeUndefined()
  })

  it('may create both again under the same names at once', async () => {
    const { terraform, collectorId } = await applied()
    await terraform.delete(`v1/collectors/${collectorId}`)
    const again = await terraform.post('v1/collectors', { collector: COLLECTOR })
    const { id } = again['collector'] as { id: number }
    expect(id).not.toBe(collectorId)
    await terraform.post(`v1/collectors/${id}/sources`, { source: SOURCE })
  })
})

describe('a sumologic_field', () => {
  it('is created with all four keys, found by its name, switched and deleted', async () => {
    const terraform = provider(await httpWorld())
    await terraform.post('v1/fields', { fieldName: 'team', fieldId: '', dataType: '', state: '' })
    const listed = (await terraform.get('v1/fields'))?.json['data'] as Json[]
    const id = listed.find(({ fieldName }) => fieldName === 'team')?.['fieldId']
    expect(typeof id).toBe('string')
    expect((await terraform.delete(`v1/fields/${id}/disable`)).status).toBe(204)
    expect((await terraform.get(`v1/fields/${id}`))?.json).toMatchObject({ state: 'Disabled' })
    expect((await terraform.put(`v1/fields/${id}/enable`, null)).status).toBe(204)
    expect((await terraform.putWith(`v1/fields/${id}/enable`, null, '')).status).toBe(204)
    expect((await terraform.get(`v1/fields/${id}`))?.json).toMatchObject({ state: 'Enabled' })
    expect((await terraform.delete(`v1/fields/${id}`)).status).toBe(204)
    expect(await terraform.get(`v1/fields/${id}`)).toBeUndefined()
  })
})
