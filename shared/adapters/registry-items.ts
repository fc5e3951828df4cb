import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { REGISTRY_KEY } from '../contract/table-keys.ts'
import type { RegistryKey } from './registry-key.ts'

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
  /** False: the condition did not hold, nothing was written. */
  put(key: RegistryKey, item: object, condition: WriteCondition): Promise<boolean>
}

/** For an item that must not be there yet. */
export const ABSENT = `attribute_not_exists(${REGISTRY_KEY.partition})`

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

function putInput(
  table: string,
  key: RegistryKey,
  item: object,
  condition: WriteCondition,
): PutItemCommandInput {
  return {
    TableName: table,
    Item: { ...marshall(item, { removeUndefinedValues: true }), ...key },
    ConditionExpression: condition.expression,
    ...(condition.values && { ExpressionAttributeValues: marshall(condition.values) }),
  }
}

/** The registry's table as items under keys. */
export function registryItems(client: DynamoDBClient, table: string): RegistryItems {
  return {
    async get(key) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }),
      )
      return Item && withoutKey(Item)
    },

    async getAll(keys) {
      const found = await readAll(client, table, keys)
      const byKey = new Map(found.map(raw => [textOf(raw), withoutKey(raw)]))
      return keys.map(key => byKey.get(textOf(key)))
    },

    async put(key, item, condition) {
      try {
        await client.send(new PutItemCommand(putInput(table, key, item, condition)))
        return true
      } catch (error) {
        if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false
        throw error
      }
    },
  }
}
