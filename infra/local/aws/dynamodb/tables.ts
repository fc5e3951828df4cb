import { setTimeout as pause } from 'node:timers/promises'
import type { TableResource } from '../template/model.ts'
import type { Engine } from './engine.ts'

type KeySchema = TableResource['keySchema']

/** Creates the table, unless an earlier start has created it. Throws if the existing table has other keys. */
export async function ensureTable(engine: Engine, table: TableResource): Promise<void> {
  const existing = await describe(engine, table.name)
  if (!existing) return await create(engine, table)
  if (describeKeys(existing.KeySchema) === describeKeys(table.keySchema)) return
  throw new Error(
    `The table ${table.name} in the data directory has the keys ${describeKeys(existing.KeySchema)}, the template wants ${describeKeys(table.keySchema)}. Start with another data directory.`,
  )
}

async function create(engine: Engine, table: TableResource): Promise<void> {
  const created = await engine.send(
    'CreateTable',
    JSON.stringify({
      TableName: table.name,
      KeySchema: table.keySchema,
      AttributeDefinitions: table.attributeDefinitions,
      BillingMode: 'PAY_PER_REQUEST',
    }),
  )
  if (created.status !== 200) throw new Error(`The table ${table.name} cannot be created: ${created.body}`)
  while ((await describe(engine, table.name))?.TableStatus !== 'ACTIVE') await pause(1)
}

interface Description {
  readonly TableStatus: string
  readonly KeySchema: KeySchema
}

async function describe(engine: Engine, name: string): Promise<Description | undefined> {
  const answer = await engine.send('DescribeTable', JSON.stringify({ TableName: name }))
  return answer.status === 200
    ? (JSON.parse(answer.body.toString()) as { Table: Description }).Table
    : undefined
}

const describeKeys = (schema: KeySchema): string =>
  schema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ')
