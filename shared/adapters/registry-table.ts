import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import type { Collector, FieldSchema, Source } from '../domain/source/source.ts'
import { requireKnownSchema } from '../domain/task/known-schema.ts'
import type { Registry } from '../ports.ts'
import { nameReservations } from './name-reservations.ts'
import {
  ABSENT,
  type Pausing,
  PRESENT,
  type RegistryItem,
  type RegistryItems,
  registryItems,
  type WriteCondition,
} from './registry-items.ts'
import {
  COLLECTORS,
  collectorKey,
  counterKey,
  fieldSchemaKey,
  REGISTERED_PREFIX,
  sourceKey,
  sourcesPartition,
} from './registry-key.ts'

/** The first id is one more. Ids have nine digits, like those of the original API. */
const BEFORE_FIRST_ID = 100_000_000

/** Never returns a number twice. If a response is lost and the call is repeated, one number is skipped. */
async function countUp(client: DynamoDBClient, table: string): Promise<number> {
  const { Attributes } = await client.send(
    new UpdateItemCommand({
      TableName: table,
      Key: counterKey,
      UpdateExpression: 'SET lastId = if_not_exists(lastId, :before) + :one',
      ExpressionAttributeValues: { ':before': { N: String(BEFORE_FIRST_ID) }, ':one': { N: '1' } },
      ReturnValues: 'UPDATED_NEW',
    }),
  )
  return Number(Attributes?.['lastId']?.N)
}

/** The first deployments stored no version and no destination. */
const readCollector = (item: RegistryItem): Collector => ({
  version: 0,
  destination: { type: 'lake' },
  ...(requireKnownSchema(item, `Collector ${item['id']}`) as unknown as Omit<
    Collector,
    'version' | 'destination'
  >),
})

/** The first deployments stored no version of the token. */
const readSource = (item: RegistryItem): Source => ({
  tokenVersion: '',
  ...(requireKnownSchema(item, `Source ${item['id']}`) as unknown as Omit<Source, 'tokenVersion'>),
})

const readFieldSchema = (item: RegistryItem | undefined): FieldSchema =>
  item
    ? (requireKnownSchema(item, 'The schema of fields') as unknown as FieldSchema)
    : { schema: 1, version: 0, fields: {} }

/**
 * The condition that the item still has this version. An item without a version has version 0.
 */
const hasVersion = (version: number): WriteCondition =>
  version === 0
    ? { expression: `${PRESENT} AND attribute_not_exists(version)` }
    : { expression: 'version = :version', values: { ':version': version } }

const IF_ABSENT: WriteCondition = { expression: ABSENT }

type Reads = Pick<
  Registry,
  'registered' | 'collector' | 'collectors' | 'source' | 'sources' | 'everything' | 'fieldSchema'
>

const byId = <Item extends { readonly id: number }>(items: Item[]): readonly Item[] =>
  items.sort((a, b) => a.id - b.id)

/** Only a source names a collector. */
const isSourceItem = (item: RegistryItem): boolean => 'collectorId' in item

const reads = (items: RegistryItems): Reads => ({
  async registered(collectorId, sourceId) {
    const keys = [collectorKey(collectorId), sourceKey(collectorId, sourceId)]
    const [collector, source] = await items.getAll(keys)
    return collector && source && { collector: readCollector(collector), source: readSource(source) }
  },

  async collector(id) {
    const item = await items.get(collectorKey(id))
    return item && readCollector(item)
  },

  collectors: async () => (await items.list(COLLECTORS)).map(readCollector),

  async source(collectorId, sourceId) {
    const item = await items.get(sourceKey(collectorId, sourceId))
    return item && readSource(item)
  },

  sources: async collectorId => (await items.list(sourcesPartition(collectorId))).map(readSource),

  async everything() {
    const { sources = [], collectors = [] } = Object.groupBy(await items.scan(REGISTERED_PREFIX), item =>
      isSourceItem(item) ? 'sources' : 'collectors',
    )
    return { collectors: byId(collectors.map(readCollector)), sources: byId(sources.map(readSource)) }
  },

  fieldSchema: async () => readFieldSchema(await items.get(fieldSchemaKey)),
})

type Writes = Pick<
  Registry,
  | 'putCollector'
  | 'putSource'
  | 'replaceCollector'
  | 'replaceSource'
  | 'removeCollector'
  | 'removeSource'
  | 'replaceFieldSchema'
>

const writes = (items: RegistryItems): Writes => ({
  async putCollector(collector) {
    await items.put(collectorKey(collector.id), collector, IF_ABSENT)
  },

  async putSource(source) {
    await items.put(sourceKey(source.collectorId, source.id), source, IF_ABSENT)
  },

  replaceCollector: (collector, expectedVersion) =>
    items.put(collectorKey(collector.id), collector, hasVersion(expectedVersion)),

  replaceSource: (source, expectedVersion) =>
    items.put(sourceKey(source.collectorId, source.id), source, hasVersion(expectedVersion)),

  removeCollector: (id, expectedVersion) => items.remove(collectorKey(id), hasVersion(expectedVersion)),

  async removeSource(collectorId, sourceId) {
    await items.remove(sourceKey(collectorId, sourceId))
  },

  replaceFieldSchema: (schema, expectedVersion) =>
    items.put(fieldSchemaKey, schema, expectedVersion === 0 ? IF_ABSENT : hasVersion(expectedVersion)),
})

/**
 * Collectors, sources, names and the field schema in one DynamoDB table. It makes conditional writes of single items
 * only.
 */
export function registryTable(client: DynamoDBClient, table: string, pausing: Pausing): Registry {
  const items = registryItems(client, table, pausing)
  return {
    ...reads(items),
    ...writes(items),
    ...nameReservations(items),
    nextId: () => countUp(client, table),
  }
}
