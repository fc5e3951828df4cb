import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, expect, it } from 'vitest'
import { registryItems } from '../../shared/adapters/registry-items.ts'
import { collectorKey, counterKey, fieldSchemaKey, sourceKey } from '../../shared/adapters/registry-key.ts'
import { registryTable } from '../../shared/adapters/registry-table.ts'
import { systemClock, systemRandom } from '../../shared/adapters/system.ts'
import { REGISTRY_KEY } from '../../shared/contract/table-keys.ts'
import type { Registry } from '../../shared/ports.ts'
import { fakeClock } from '../support/fakes/clock.ts'
import { fakeRegistry } from '../support/fakes/registry.ts'
import { type ServiceCall, startJsonService } from '../support/json-service.ts'
import { startTable, type TableDatabase } from '../support/table-database.ts'
import { namesContract } from './names-contract.ts'
import { numberedCollector, numberedSource } from './registered.ts'
import { registryContract } from './registry-contract.ts'

const SYSTEM = { clock: systemClock, random: systemRandom }

let opened: Promise<TableDatabase> | undefined

/** One for all tests, whichever runs first. */
function database(): Promise<TableDatabase> {
  opened ??= startTable('registry', { ...REGISTRY_KEY, partitionType: 'S' })
  return opened
}

async function openRegistry(): Promise<Registry> {
  const { client, table } = await database()
  return registryTable(client, table, SYSTEM)
}

afterAll(async () => (await opened)?.close())

for (const contract of [registryContract, namesContract]) {
  contract('in memory', async () => fakeRegistry())
  contract('in DynamoDB', openRegistry)
}

it('gives every item of the table a schema version, except the counter', async () => {
  const { client, table } = await database()
  await registryTable(client, table, SYSTEM).reserveName({ name: 'versioned', ownerId: 1, nowMs: 1 })
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table }))
  const unversioned = Items.filter(item => item['schema'] === undefined).map(
    item => item[REGISTRY_KEY.partition]?.S,
  )
  expect(Items.length).toBeGreaterThan(0)
  expect(unversioned.filter(partition => partition !== 'COUNTERS')).toEqual([])
})

it('reads what the first deployments stored, without versions and destination, and replaces and removes it as version 0', async () => {
  const { client, table } = await database()
  const { version: _, destination: _lake, ...collector } = numberedCollector(7)
  const { version: _none, tokenVersion: _first, ...source } = numberedSource(7, 8)
  for (const item of [
    { ...collectorKey(7), ...marshall(collector) },
    { ...sourceKey(7, 8), ...marshall(source) },
  ])
    await client.send(new PutItemCommand({ TableName: table, Item: item }))
  const registry = registryTable(client, table, SYSTEM)
  expect(await registry.collector(7)).toEqual({ ...collector, version: 0, destination: { type: 'lake' } })
  expect(await registry.source(7, 8)).toEqual({ ...source, tokenVersion: '' })
  expect(await registry.replaceSource(numberedSource(7, 8), 0)).toBe(true)
  expect(await registry.replaceSource({ ...numberedSource(7, 8), category: 'late' }, 0)).toBe(false)
  expect(await registry.replaceSource(numberedSource(7, 9), 0)).toBe(false)
  expect(await registry.removeCollector(7, 1)).toBe(false)
  expect(await registry.removeCollector(7, 0)).toBe(true)
  expect(await registry.collector(7)).toBeUndefined()
})

/** Reads two items of a table that returns one of them at each call, or none, and leaves the others unprocessed. */
async function readFromThrottled(perCall: number) {
  const keys = [counterKey, fieldSchemaKey]
  const answer = ({ input }: ServiceCall) => {
    const { Keys } = (input['RequestItems'] as { registry: { Keys: object[] } }).registry
    const left = Keys.slice(perCall)
    const UnprocessedKeys = left.length > 0 ? { registry: { Keys: left } } : {}
    return { body: { Responses: { registry: Keys.slice(0, perCall) }, UnprocessedKeys } }
  }
  const service = await startJsonService(answer)
  const clock = fakeClock()
  const random = { ...systemRandom, fraction: () => 0.5 }
  const items = registryItems(new DynamoDBClient(service.client), 'registry', { clock, random })
  const result = await items.getAll(keys).catch((error: Error) => error.message)
  await service.close()
  return { result, calls: service.calls.length, slept: clock.slept }
}

it('asks again, after a pause, for the items that a throttled table leaves unprocessed', async () => {
  expect(await readFromThrottled(1)).toEqual({ result: [{}, {}], calls: 2, slept: [75] })
})

it('does not take an item for absent that a throttled table leaves unprocessed again and again', async () => {
  expect(await readFromThrottled(0)).toEqual({
    result: 'the registry left 2 items unread',
    calls: 5,
    slept: [75, 150, 300, 600],
  })
})
