import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClock } from 'aws-emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StandIn, startStandIn } from '../../../infra/local/destination/stand-in.ts'
import { receiveSumoLogic, SUMOLOGIC_PATH } from '../../../infra/local/destination/sumologic.ts'
import { API_NAMES } from '../../../shared/contract/apis.ts'
import { LOOPBACK_ORIGIN } from '../../../shared/contract/destinations.ts'
import { temporaryDirectory } from '../../support/folders.ts'
import {
  type LocalSystem,
  lakeLines,
  localSystem,
  type RegisteredIds,
  toReceivedEvent,
} from '../../support/local-system.ts'

const CODE = 'ZaVnC4dhaV1codeOfTheHttpSource'
const NOW = Date.parse('2026-03-04T18:00:00Z')

const CLIENT = {
  app_name: '1Password Extension',
  app_version: '20127',
  platform_name: 'Chrome',
  platform_version: '110',
  os_name: 'MacOSX',
  os_version: '13.2',
  ip_address: '203.0.113.9',
}
const LOCATION = { country: 'FR', region: 'Île-de-France', city: 'Paris', latitude: 48.8, longitude: 2.3 }
const USER = { uuid: 'U', name: 'Wendy', email: 'wendy@example.com' }

const signIn = (uuid: string, category: string, type: string) => ({
  ...{ uuid, session_uuid: 'S', timestamp: '2026-03-04T12:00:00.5Z', category, type, country: 'FR' },
  ...{ details: { value: 'Europe' }, target_user: USER, client: CLIENT, location: LOCATION },
})

const PLANTED = [
  signIn('GOOD', 'success', 'credentials_ok'),
  signIn('BAD', 'firewall_failed', 'continent_blocked'),
  {
    ...{ uuid: 'USED', timestamp: '2026-03-04T12:01:00Z', used_version: 3, vault_uuid: 'V', item_uuid: 'I' },
    ...{ user: USER, client: CLIENT, location: LOCATION, action: 'secure-copy' },
  },
  {
    ...{
      uuid: 'GRANTED',
      timestamp: '2026-03-04T12:02:00Z',
      actor_uuid: 'U',
      actor_details: USER,
      action: 'grant',
    },
    ...{ object_type: 'uva', object_uuid: 'O', aux_id: 1, aux_uuid: 'A', aux_details: USER, aux_info: 'R,W' },
    ...{ session: { uuid: 'S', login_time: '2026-03-04T11:00:00Z', device_uuid: 'D', ip: '203.0.113.9' } },
  },
]

type Row = Readonly<Record<string, unknown>>

/** A query of Sumo Logic's app for 1Password: a message without one of the members is dropped, as `json` drops it. */
interface Query {
  readonly name: string
  readonly reads: readonly string[]
  readonly keeps: (row: Row) => boolean
  /** The uuids of the planted events that it finds. */
  readonly finds: readonly string[]
}

const WHERE = ['location.country', 'location.region', 'location.city']
const WITH = ['app_name', 'app_version', 'platform_name', 'os_name', 'os_version', 'ip_address'].map(
  name => `client.${name}`,
)
const SIGN_IN = [
  'type',
  'category',
  'timestamp',
  'details',
  'target_user.name',
  'target_user.email',
  ...WITH,
  ...WHERE,
]

const QUERIES: readonly Query[] = [
  {
    name: 'Successful Sign-in',
    reads: SIGN_IN,
    keeps: ({ category }) => /succ/.test(String(category)),
    finds: ['GOOD'],
  },
  {
    name: 'Failed Sign-in',
    reads: SIGN_IN,
    keeps: ({ category }) => !/succ/.test(String(category)),
    finds: ['BAD'],
  },
  {
    name: 'Item Usage',
    reads: [
      'timestamp',
      'user.name',
      ...WITH,
      'client.platform_version',
      ...WHERE,
      'action',
      'vault_uuid',
      'item_uuid',
    ],
    keeps: () => true,
    finds: ['USED'],
  },
  {
    name: 'Recent Access Activities',
    reads: [
      'uuid',
      'object_type',
      'action',
      'actor_details.email',
      'aux_details.name',
      'aux_details.email',
      'aux_info',
    ],
    keeps: ({ object_type: type }) => type === 'uva' || type === 'gva',
    finds: ['GRANTED'],
  },
]

const readMember = (event: unknown, path: string): unknown =>
  path.split('.').reduce((value, name) => (value as Row | undefined)?.[name], event)

function runQuery({ reads, keeps }: Query, texts: readonly string[]): string[] {
  const events = texts.map(text => JSON.parse(text) as { uuid: string })
  const rows = events.flatMap(event => {
    const row = Object.fromEntries(reads.map(path => [path, readMember(event, path)]))
    return Object.values(row).includes(undefined) || !keeps(row) ? [] : [event.uuid]
  })
  return rows
}

describe('a system with Sumo Logic as a destination', () => {
  let system: LocalSystem
  let standIn: StandIn
  let ids: RegisteredIds
  const files = temporaryDirectory()

  beforeAll(async () => {
    standIn = await startStandIn(receiveSumoLogic(CODE))
    const file = join(files.path, 'events.ndjson')
    writeFileSync(file, PLANTED.map(event => `${JSON.stringify(event)}\n`).join(''))
    system = await localSystem({
      clock: createClock({ startMs: NOW }),
      account: { eventFiles: [file] },
      context: { destinations: 'sumologic', destinationHosts: [LOOPBACK_ORIGIN] },
    })
    const collector = {
      ...{ collectorType: 'Hosted', name: 'Security', category: '1pw', fields: { _siemForward: true } },
      destination: toDestination(),
    }
    const created = await system.call<{ collector: { id: number } }>('POST', 'collectors', { collector })
    standIn.setMode('401')
    ids = await register(created.collector.id)
    await system.stage.idle()
  }, 120_000)

  afterAll(async () => {
    await system?.close()
    await standIn.close()
    files.remove()
  })

  const toDestination = () => ({ type: 'sumologic', url: `${standIn.url}${SUMOLOGIC_PATH}${CODE}` })

  async function register(collectorId: number): Promise<RegisteredIds> {
    const { account } = system
    const config = {
      ...{ name: '1Pass', base_url: account.url, api_token: account.token },
      ...{ supported_apis: API_NAMES, start_time: '2026-03-03T00:00:00Z' },
    }
    const source = { sourceType: 'Universal', schemaRef: { type: '1Password' }, config }
    const path = `collectors/${collectorId}/sources`
    const answer = await system.call<{ source: { id: number } }>('POST', path, { source })
    return { collectorId, sourceId: answer.source.id }
  }

  const received = (): string[] => standIn.events.map(({ text }) => text)
  const inLake = (): string[] =>
    API_NAMES.flatMap(api => lakeLines(system.dataDir, api, ids.sourceId)).map(toReceivedEvent)

  it('waits for its user while Sumo Logic refuses; the events are in the lake, and the text names the destination', async () => {
    expect(await system.stateOf(ids)).toMatchObject({
      ...{ state: 'Error', errorType: 'THIRD-PARTY-CONFIG', errorCode: 401 },
      errorInfo: expect.stringContaining(
        'Sumo Logic, the destination of the collector Security, cannot be used (401: Unauthorized): update destination.url',
      ),
    })
    expect(inLake()).toHaveLength(PLANTED.length)
    expect(received()).toEqual([])
  })

  it('goes on by itself once it has another URL', async () => {
    standIn.setMode('ok')
    const path = `collectors/${ids.collectorId}`
    const { body, etag } = await system.read<{ collector: object }>(path)
    const collector = { ...body.collector, destination: toDestination() }
    await system.call('PUT', path, { collector }, { 'if-match': etag })
    await system.stage.idle()
    expect(await system.stateOf(ids)).toEqual({ state: 'Collecting' })
  })

  it('has each event there as in the lake, with what describes it', async () => {
    expect(await system.stateOf(ids)).toEqual({ state: 'Collecting' })
    expect(received().toSorted()).toEqual(inLake().toSorted())
    expect(received()).toHaveLength(PLANTED.length)
    expect(standIn.events[0]?.metadata).toEqual({
      ...{ _sourceName: '1Pass', _sourceHost: '127.0.0.1', _sourceCategory: '1pw', _siemForward: 'true' },
      ...{ _siemVendor: '1Password', _siemProduct: '1Password', _siemFormat: 'JSON' },
      _siemParser: '/Parsers/System/1Password/1Password',
    })
  })

  it.each(QUERIES)('lets the query "$name" of Sumo Logic’s app find what was planted', query => {
    expect(runQuery(query, received())).toEqual(query.finds)
  })

  it('has the URL in its secret alone', async () => {
    const tables = JSON.stringify(await system.read(`collectors/${ids.collectorId}`))
    const shown = [...system.lines, ...system.notices.map(notice => JSON.stringify(notice)), tables].join(
      '\n',
    )
    expect(shown).not.toContain(CODE)
    expect(system.secretsText()).toContain(CODE)
    expect(tables).toContain('"url":"********"')
  })
})
