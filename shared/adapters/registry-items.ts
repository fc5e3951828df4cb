import { isDeepStrictEqual } from 'node:util'
import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { REGISTRY_KEY } from '../contract/table-keys.ts'
import type { RegistryKey, RegistryPartition } from './registry-key.ts'

/** An item without its key attributes. */
export type RegistryItem = Record<string, unknown>

/** What a write depends on; the values are plain. */
export type WriteCondition = {
  readonly expression: string
  readonly values?: Readonly<Record<string, string | number>>
}

export interface RegistryItems {
  /** Consistent; undefined if there is none. */
  get(key: RegistryKey): Promise<RegistryItem | undefined>
  /** Consistent, of all keys in one call, in the order of the keys. */
  getAll(keys: readonly RegistryKey[]): Promise<readonly (RegistryItem | undefined)[]>
  /** Consistent, all items of a partition in the order of their sort keys. */
  list(partition: RegistryPartition): Promise<readonly RegistryItem[]>
  /** False: the condition did not hold, nothing was written. */
  put(key: RegistryKey, item: object, condition: WriteCondition): Promise<boolean>
  /** The same; without a condition it is always gone afterwards. */
  remove(key: RegistryKey, condition?: WriteCondition): Promise<boolean>
}

/** For an item that must not be there yet. */
export const ABSENT = `attribute_not_exists(${REGISTRY_KEY.partition})`

/** For one that must be. */
export const PRESENT = `attribute_exists(${REGISTRY_KEY.partition})`

const READ_ROUNDS = 5

type Raw = Record<string, AttributeValue>

function withoutKey(raw: Raw): RegistryItem {
  const { [REGISTRY_KEY.partition]: _partition, [REGISTRY_KEY.sort]: _sort, ...item } = unmarshall(raw)
  return item
}

const textOf = (raw: Raw): string => JSON.stringify([raw[REGISTRY_KEY.partition], raw[REGISTRY_KEY.sort]])

/** Throttled keys come back unread instead of as an error. */
async function readAll(client: DynamoDBClient, table: string, keys: readonly RegistryKey[]): Promise<Raw[]> {
  const found: Raw[] = []
  let left: Raw[] = [...keys]
  for (let round = 0; left.length > 0; round++) {
    if (round === READ_ROUNDS) throw new Error(`the registry left ${left.length} items unread`)
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: true } } }),
    )
    found.push(...(Responses?.[table] ?? []))
    left = UnprocessedKeys?.[table]?.Keys ?? []
  }
  return found
}

async function listAll(client: DynamoDBClient, table: string, partition: RegistryPartition): Promise<Raw[]> {
  const found: Raw[] = []
  const query = {
    TableName: table,
    KeyConditionExpression: `${REGISTRY_KEY.partition} = :partition`,
    ExpressionAttributeValues: marshall({ ':partition': partition }),
    ConsistentRead: true,
  }
  for await (const { Items = [] } of paginateQuery({ client }, query)) found.push(...Items)
  return found
}

const conditional = (condition: WriteCondition) => ({
  ConditionExpression: condition.expression,
  ...(condition.values && { ExpressionAttributeValues: marshall(condition.values) }),
})

/** False if the write's condition does not hold; every other error is thrown. */
async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write
    return true
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false
    throw error
  }
}

/** The registry's table as items under keys. */
export function registryItems(client: DynamoDBClient, table: string): RegistryItems {
  async function rawOf(Key: RegistryKey): Promise<Raw | undefined> {
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))
    return Item
  }

  return {
    async get(key) {
      const raw = await rawOf(key)
      return raw && withoutKey(raw)
    },

    async getAll(keys) {
      const found = await readAll(client, table, keys)
      const byKey = new Map(found.map(raw => [textOf(raw), withoutKey(raw)]))
      return keys.map(key => byKey.get(textOf(key)))
    },

    list: async partition => (await listAll(client, table, partition)).map(withoutKey),

    async put(key, item, condition) {
      const Item = { ...marshall(item, { removeUndefinedValues: true }), ...key }
      const put = new PutItemCommand({ TableName: table, Item, ...conditional(condition) })
      if (await holds(client.send(put))) return true
      // The SDK repeats a call whose answer was lost: then it is its own write that is in the way.
      return isDeepStrictEqual(await rawOf(key), Item)
    },

    remove(key, condition) {
      const when = condition && conditional(condition)
      return holds(client.send(new DeleteItemCommand({ TableName: table, Key: key, ...when })))
    },
  }
}
