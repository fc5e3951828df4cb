import type { Config } from '../model/draft.ts'
import { call } from './call.ts'

interface FieldList {
  readonly data: readonly { readonly fieldName: string; readonly state: string }[]
}

/** The names of the fields that are delivered, in lower case. */
export async function readEnabledFields(): Promise<ReadonlySet<string>> {
  const lists = [await call<FieldList>('/fields'), await call<FieldList>('/fields/builtin')]
  const fields = lists.flatMap(({ body }) => body?.data ?? [])
  return new Set(
    fields.filter(({ state }) => state === 'Enabled').map(({ fieldName }) => fieldName.toLowerCase()),
  )
}

export interface ConnectionTest {
  readonly ok: boolean
  readonly account?: string
  readonly expires?: string
  readonly apis: readonly { readonly api: string; readonly readable?: boolean }[]
  readonly faults: readonly { readonly field: string; readonly message: string }[]
}

const toSource = (config: Config, id?: number) => ({
  source: {
    ...(id !== undefined && { id }),
    sourceType: 'Universal',
    schemaRef: { type: '1Password' },
    config,
  },
})

/** With the id of a source, it is tested as an update. */
export async function testConnection(
  collector: number,
  config: Config,
  id?: number,
): Promise<ConnectionTest | undefined> {
  const body = toSource(config, id)
  const path = `/collectors/${collector}/sources/test`
  return (await call<{ readonly test: ConnectionTest }>(path, { method: 'POST', body })).body?.test
}

/** Returns the id of the new source. Fields that the schema lacks are added to it. */
export async function createSource(collector: number, config: Config): Promise<number | undefined> {
  const path = `/collectors/${collector}/sources?autoEnableFields=true`
  const { body } = await call<{ readonly source: { readonly id: number } }>(path, {
    method: 'POST',
    body: toSource(config),
  })
  return body?.source.id
}

/** Refused if somebody else changed the source since `etag`. */
export const updateSource = (path: string, id: number, config: Config, etag: string) =>
  call(`${path}?autoEnableFields=true`, {
    method: 'PUT',
    body: toSource(config, id),
    headers: { 'if-match': etag },
  })

/** Returns the id of the new collector. */
export async function createCollector(name: string): Promise<number | undefined> {
  const collector = { collectorType: 'Hosted', name }
  const { body } = await call<{ readonly collector: { readonly id: number } }>('/collectors', {
    method: 'POST',
    body: { collector },
  })
  return body?.collector.id
}
