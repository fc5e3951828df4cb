import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'

export interface TableDatabase {
  readonly client: DynamoDBClient
  readonly endpoint: string
  readonly table: string
  close(): Promise<void>
}

export interface TableShape {
  readonly partition: string
  readonly sort: string
  readonly partitionType: 'N' | 'S'
}

export const createTable = (
  table: string,
  { partition, sort, partitionType }: TableShape,
): CreateTableCommand =>
  new CreateTableCommand({
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: partition, KeyType: 'HASH' },
      { AttributeName: sort, KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: partition, AttributeType: partitionType },
      { AttributeName: sort, AttributeType: 'S' },
    ],
  })

export const createClient = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
  })

/** Starts an emulated DynamoDB in memory, with one empty table. */
export async function startTable(table: string, shape: TableShape): Promise<TableDatabase> {
  const server = dynalite({ createTableMs: 0 })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createClient(endpoint)
  await client.send(createTable(table, shape))
  return {
    client,
    endpoint,
    table,
    async close() {
      client.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
