import type { AddressInfo } from 'node:net'
import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'
import { afterAll, expect, it } from 'vitest'
import { registryTable } from '../../shared/adapters/registry-table.ts'
import { REGISTRY_KEY } from '../../shared/contract/table-keys.ts'
import { fakeRegistry } from '../support/fakes/registry.ts'
import { namesContract } from './names-contract.ts'
import { registryContract } from './registry-contract.ts'

const server = dynalite({ createTableMs: 0 })
const TABLE = 'registry'
let opened: Promise<DynamoDBClient> | undefined

async function openTable(): Promise<DynamoDBClient> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
  })
  const { partition, sort } = REGISTRY_KEY
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
  return client
}

/** One for all tests, whichever runs first. */
function table(): Promise<DynamoDBClient> {
  opened ??= openTable()
  return opened
}

afterAll(async () => {
  ;(await opened)?.destroy()
  await new Promise(resolve => server.close(resolve))
})

for (const contract of [registryContract, namesContract]) {
  contract('in memory', async () => fakeRegistry())
  contract('in DynamoDB', async () => registryTable(await table(), TABLE))
}

it('gives every item of the table a schema version, the counter apart', async () => {
  const client = await table()
  await registryTable(client, TABLE).reserveName({ name: 'versioned', ownerId: 1, nowMs: 1 })
  const { Items = [] } = await client.send(new ScanCommand({ TableName: TABLE }))
  const unversioned = Items.filter(item => item['schema'] === undefined).map(
    item => item[REGISTRY_KEY.partition]?.S,
  )
  expect(Items.length).toBeGreaterThan(0)
  expect(unversioned.filter(partition => partition !== 'COUNTERS')).toEqual([])
})
