import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { CreateTableCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import dynalite from 'dynalite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { healthEventsTable } from '../../shared/adapters/health-events-table.ts'
import { HEALTH_KEY } from '../../shared/contract/table-keys.ts'
import { fakeHealthEvents } from '../support/fakes/health-events.ts'
import { healthAfter, SUBJECT } from '../support/health.ts'
import { healthEventsContract } from './health-events-contract.ts'

const TABLE = 'health-events'
const server = dynalite({ createTableMs: 0 })
let client: DynamoDBClient

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
  })
  const { partition, sort } = HEALTH_KEY
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: partition, KeyType: 'HASH' },
        { AttributeName: sort, KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: partition, AttributeType: 'S' },
        { AttributeName: sort, AttributeType: 'S' },
      ],
    }),
  )
})

afterAll(async () => {
  client.destroy()
  await new Promise(resolve => server.close(resolve))
})

healthEventsContract('in memory', async () => fakeHealthEvents())

healthEventsContract('in DynamoDB', async () => healthEventsTable(client, TABLE))

it('lets the table forget history after 90 days and what is closed after one, and never what is open', async () => {
  const store = healthEventsTable(client, TABLE)
  const { untold = [] } = healthAfter({}, '2026-03-01T12:05:00.000Z')
  const [opened] = healthAfter({ subject: { ...SUBJECT, sourceId: 2 } }).untold ?? []
  if (!opened) throw new Error('there is a change')
  for (const change of untold) await store.record(1, change)
  await store.record(2, opened)
  const items: Record<string, unknown>[] = []
  for await (const { Items = [] } of paginateScan({ client }, { TableName: TABLE })) {
    items.push(...Items.map(item => unmarshall(item)))
  }
  const expiryOf = (resource: string, place: string) =>
    items
      .filter(
        item => item[HEALTH_KEY.partition] === resource && String(item[HEALTH_KEY.sort]).startsWith(place),
      )
      .map(item => item[HEALTH_KEY.expiry])
  const day = 86_400
  const at = Date.parse('2026-03-01T12:00:00Z') / 1000
  expect(expiryOf('1', '')).toEqual([at + 90 * day, at + 300 + 90 * day])
  expect(expiryOf('STANDING', '0000000000000001#')).toEqual([at + 300 + day])
  expect(expiryOf('STANDING', '0000000000000002#')).toEqual([undefined])
})

it('throws what is not a lost condition', async () => {
  const gone = healthEventsTable(client, 'no-such-table')
  const [change] = healthAfter().untold ?? []
  if (!change) throw new Error('there is a change')
  const notFound = expect.objectContaining({ name: 'ResourceNotFoundException' })
  await expect(gone.record(1, change)).rejects.toEqual(notFound)
  await expect(gone.unresolved({ limit: 1 })).rejects.toEqual(notFound)
})
