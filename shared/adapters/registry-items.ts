import { isDeepStrictEqual } from 'node:util'
import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  paginateScan,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { REGISTRY_KEY } from '../contract/table-keys.ts'
import type { Ports } from '../ports.ts'
import { unlessConditionFails } from './conditional-write.ts'
import type { RegistryKey, RegistryPartition } from './registry-key.ts'

/** An item without its key attributes. */
export type RegistryItem = Record<string, unknown>

/** The condition under which DynamoDB makes a write. The values are plain, not in DynamoDB's form. */
export type WriteCondition = {
  readonly expression: string
  readonly values?: Readonly<Record<string, string | number>>
}

export interface RegistryItems {
  /** Reads consistently. Returns undefined if there is no such item. */
  get(key: RegistryKey): Promise<RegistryItem | undefined>
  /** Reads all keys consistently, in one call. The items are in the order of the keys. */
  getAll(keys: readonly RegistryKey[]): Promise<readonly (RegistryItem | undefined)[]>
  /** Reads all items of a partition consistently, in the order of their sort keys. */
  list(partition: RegistryPartition): Promise<readonly RegistryItem[]>
  /** Reads all items of the partitions whose names begin so, consistently. They are in no order. */
  scan(partitionPrefix: string): Promise<readonly RegistryItem[]>
  /** Returns false if the condition did not hold and nothing was written. */
  put(key: RegistryKey, item: object, condition: WriteCondition): Promise<boolean>
  /** Returns false if the condition did not hold. Without a condition the item is always gone afterwards. */
  remove(key: RegistryKey, condition?: WriteCondition): Promise<boolean>
}

/** The expression for an item that must not exist yet. */
export const ABSENT = `attribute_not_exists(${REGISTRY_KEY.partition})`

/** The expression for an item that must exist. */
export const PRESENT = `attribute_exists(${REGISTRY_KEY.partition})`

const READ_ROUNDS = 5

/** The longest pause before the second round. It doubles with each round: all of them take 1.5 seconds at most. */
const PAUSE_MS = 100

/** Time and random numbers for pauses. */
export type Pausing = Pick<Ports, 'clock' | 'random'>

type Raw = Record<string, AttributeValue>

function withoutKey(raw: Raw): RegistryItem {
  const { [REGISTRY_KEY.partition]: _partition, [REGISTRY_KEY.sort]: _sort, ...item } = unmarshall(raw)
  return item
}

const keyText = (raw: Raw): string => JSON.stringify([raw[REGISTRY_KEY.partition], raw[REGISTRY_KEY.sort]])

/**
 * Reads the keys in rounds: DynamoDB returns throttled keys unread, without an error, and the next round asks for them after
 * a pause.
 */
async function readAll(
  client: DynamoDBClient,
  table: string,
  keys: readonly RegistryKey[],
  { clock, random }: Pausing,
): Promise<Raw[]> {
  const found: Raw[] = []
  let left: Raw[] = [...keys]
  for (let round = 0; left.length > 0; round++) {
    if (round === READ_ROUNDS) throw new Error(`the registry left ${left.length} items unread`)
    if (round > 0) await clock.sleep(pauseMs(round, random.fraction()))
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: true } } }),
    )
    found.push(...(Responses?.[table] ?? []))
    left = UnprocessedKeys?.[table]?.Keys ?? []
  }
  return found
}

/** With equal jitter: half of the time is certain, so that a table that is short of capacity gets a rest. */
const pauseMs = (round: number, fraction: number): number =>
  ((1 + fraction) / 2) * PAUSE_MS * 2 ** (round - 1)

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

async function scanAll(client: DynamoDBClient, table: string, prefix: string): Promise<Raw[]> {
  const found: Raw[] = []
  const scan = {
    TableName: table,
    FilterExpression: `begins_with(${REGISTRY_KEY.partition}, :prefix)`,
    ExpressionAttributeValues: marshall({ ':prefix': prefix }),
    ConsistentRead: true,
  }
  for await (const { Items = [] } of paginateScan({ client }, scan)) found.push(...Items)
  return found
}

const conditional = (condition: WriteCondition) => ({
  ConditionExpression: condition.expression,
  ...(condition.values && { ExpressionAttributeValues: marshall(condition.values) }),
})

const isConditionMet = async (write: Promise<object>): Promise<boolean> =>
  (await unlessConditionFails(write)) !== undefined

/** The items of the registry's table. */
export function registryItems(client: DynamoDBClient, table: string, pausing: Pausing): RegistryItems {
  async function readRaw(Key: RegistryKey): Promise<Raw | undefined> {
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))
    return Item
  }

  return {
    async get(key) {
      const raw = await readRaw(key)
      return raw && withoutKey(raw)
    },

    async getAll(keys) {
      const found = await readAll(client, table, keys, pausing)
      const byKey = new Map(found.map(raw => [keyText(raw), withoutKey(raw)]))
      return keys.map(key => byKey.get(keyText(key)))
    },

    list: async partition => (await listAll(client, table, partition)).map(withoutKey),

    scan: async prefix => (await scanAll(client, table, prefix)).map(withoutKey),

    async put(key, item, condition) {
      const Item = { ...marshall(item, { removeUndefinedValues: true }), ...key }
      const put = new PutItemCommand({ TableName: table, Item, ...conditional(condition) })
      if (await isConditionMet(client.send(put))) return true
      // The SDK repeats a call whose answer was lost. Then its own first write makes the condition fail.
      return isDeepStrictEqual(await readRaw(key), Item)
    },

    remove(key, condition) {
      const when = condition && conditional(condition)
      return isConditionMet(client.send(new DeleteItemCommand({ TableName: table, Key: key, ...when })))
    },
  }
}
