import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'
import { TASKS_KEY } from '../../shared/contract/table-keys.ts'

const { partition, sort } = TASKS_KEY

export interface TasksDatabase {
  readonly client: DynamoDBClient
  readonly table: string
  close(): Promise<void>
}

/** An empty tasks table in an emulated DynamoDB, in memory. */
export async function startTasksDatabase(): Promise<TasksDatabase> {
  const server = dynalite({ createTableMs: 0 })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
  })
  const table = 'tasks'
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: partition, KeyType: 'HASH' },
        { AttributeName: sort, KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: partition, AttributeType: 'N' },
        { AttributeName: sort, AttributeType: 'S' },
      ],
    }),
  )
  return {
    client,
    table,
    async close() {
      client.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
