import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, expect, it } from 'vitest'
import { registryTable } from '../../shared/adapters/registry-table.ts'
import { REGISTRY_KEY } from '../../shared/contract/table-keys.ts'
import type { Registry } from '../../shared/ports.ts'
import { fakeRegistry } from '../support/fakes/registry.ts'
import { startTable, type TableDatabase } from '../support/table-database.ts'
import { namesContract } from './names-contract.ts'
import { registryContract } from './registry-contract.ts'

let opened: Promise<TableDatabase> | undefined

/** One for all tests, whichever runs first. */
function database(): Promise<TableDatabase> {
  opened ??= startTable('registry', { ...REGISTRY_KEY, partitionType: 'S' })
  return opened
}

async function openRegistry(): Promise<Registry> {
  const { client, table } = await database()
  return registryTable(client, table)
}

afterAll(async () => (await opened)?.close())

for (const contract of [registryContract, namesContract]) {
  contract('in memory', async () => fakeRegistry())
  contract('in DynamoDB', openRegistry)
}

it('gives every item of the table a schema version, except the counter', async () => {
  const { client, table } = await database()
  await registryTable(client, table).reserveName({ name: 'versioned', ownerId: 1, nowMs: 1 })
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table }))
  const unversioned = Items.filter(item => item['schema'] === undefined).map(
    item => item[REGISTRY_KEY.partition]?.S,
  )
  expect(Items.length).toBeGreaterThan(0)
  expect(unversioned.filter(partition => partition !== 'COUNTERS')).toEqual([])
})
