import { DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemRandom } from '../../shared/adapters/system.ts'
import { tickItems } from '../../shared/adapters/tick-items.ts'
import { REGISTRY_KEY, TICKS_PARTITION } from '../../shared/contract/table-keys.ts'
import { fakeClock } from '../support/fakes/clock.ts'
import { fakeTicks } from '../support/fakes/ticks.ts'
import { startTable, type TableDatabase } from '../support/table-database.ts'
import { ticksContract } from './ticks-contract.ts'

let database: TableDatabase
beforeAll(async () => {
  database = await startTable('registry', { ...REGISTRY_KEY, partitionType: 'S' })
})
afterAll(() => database.close())

/** Removes every item of the table, and opens the store. */
async function openTicks() {
  const { client, table } = database
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table }))
  for (const { pk, sk } of Items)
    await client.send(new DeleteItemCommand({ TableName: table, Key: { pk, sk } as never }))
  return tickItems(client, table, { clock: fakeClock(), random: systemRandom })
}

ticksContract('in memory', async () => fakeTicks())
ticksContract('in DynamoDB', openTicks)

it('refuses progress that a later deployment wrote', async () => {
  const ticks = await openTicks()
  const key = { pk: { S: TICKS_PARTITION }, sk: { S: 'SEGMENT#00' } }
  await database.client.send(
    new PutItemCommand({ TableName: database.table, Item: { ...key, schema: { N: '2' } } }),
  )
  await expect(ticks.progress()).rejects.toThrow('later version')
})
