import { paginateScan } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { healthEventsTable } from '../../shared/adapters/health-events-table.ts'
import { HEALTH_KEY } from '../../shared/contract/table-keys.ts'
import { fakeHealthEvents } from '../support/fakes/health-events.ts'
import { healthAfter, SUBJECT } from '../support/health.ts'
import { startTable, type TableDatabase } from '../support/table-database.ts'
import { healthEventsContract } from './health-events-contract.ts'

let database: TableDatabase

beforeAll(async () => {
  database = await startTable('health-events', { ...HEALTH_KEY, partitionType: 'S' })
})

afterAll(() => database.close())

healthEventsContract('in memory', async () => fakeHealthEvents())

healthEventsContract('in DynamoDB', async () => healthEventsTable(database.client, database.table))

it('expires history after 90 days and closed trackers after one day; open ones never expire', async () => {
  const store = healthEventsTable(database.client, database.table)
  const { untold = [] } = healthAfter({}, '2026-03-01T12:05:00.000Z')
  const [opened] = healthAfter({ subject: { ...SUBJECT, sourceId: 2 } }).untold ?? []
  if (!opened) throw new Error('there is a change')
  for (const change of untold) await store.record(1, change)
  await store.record(2, opened)
  const items: Record<string, unknown>[] = []
  for await (const { Items = [] } of paginateScan(
    { client: database.client },
    { TableName: database.table },
  )) {
    items.push(...Items.map(item => unmarshall(item)))
  }
  const readExpiry = (resource: string, place: string) =>
    items
      .filter(
        item => item[HEALTH_KEY.partition] === resource && String(item[HEALTH_KEY.sort]).startsWith(place),
      )
      .map(item => item[HEALTH_KEY.expiry])
  const day = 86_400
  const at = Date.parse('2026-03-01T12:00:00Z') / 1000
  expect(readExpiry('1', '')).toEqual([at + 90 * day, at + 300 + 90 * day])
  expect(readExpiry('STANDING', '0000000000000001#')).toEqual([at + 300 + day])
  expect(readExpiry('STANDING', '0000000000000002#')).toEqual([undefined])
})

it('throws every other error than a lost condition', async () => {
  const gone = healthEventsTable(database.client, 'no-such-table')
  const [change] = healthAfter().untold ?? []
  if (!change) throw new Error('there is a change')
  const notFound = expect.objectContaining({ name: 'ResourceNotFoundException' })
  await expect(gone.record(1, change)).rejects.toEqual(notFound)
  await expect(gone.unresolved({ limit: 1 })).rejects.toEqual(notFound)
})
