import type {
  AttributeValue,
  BatchGetItemCommand,
  BatchGetItemCommandOutput,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { registryTable } from '../../shared/adapters/registry-table.ts'
import { REGISTRY_KEY } from '../../shared/contract/table-keys.ts'
import type { Registry } from '../../shared/ports.ts'
import { awsCall, type Process, type Surroundings } from './process.ts'
import type { Stores } from './stores.ts'

type Item = Record<string, AttributeValue>

const TABLE = 'registry'

function findItem({ collectors, sources }: Stores['registry']['stored'], key: Item): object | undefined {
  const partition = key[REGISTRY_KEY.partition]?.S ?? ''
  const id = Number(key[REGISTRY_KEY.sort]?.S?.replace('SOURCE#', ''))
  if (partition === 'COLLECTORS') return collectors.get(id)
  return sources.get(`${Number(partition.replace('COLLECTOR#', ''))}/${id}`)
}

/** What a batch read answers. */
export type BatchAnswer = Pick<BatchGetItemCommandOutput, 'Responses' | 'UnprocessedKeys'>

/** Answers BatchGetItem. Some of the keys may be left unread. */
function readBatch(
  { plan }: Surroundings,
  { registry }: Stores,
  { input }: BatchGetItemCommand,
): BatchAnswer {
  const keys = input.RequestItems?.[TABLE]?.Keys ?? []
  const left = keys.filter(() => plan.strikes('keys-unprocessed'))
  const found = keys.flatMap(key => {
    const item = left.includes(key) ? undefined : findItem(registry.stored, key)
    return item ? [{ ...marshall(item, { removeUndefinedValues: true }), ...key }] : []
  })
  return {
    Responses: { [TABLE]: found },
    UnprocessedKeys: left.length > 0 ? { [TABLE]: { Keys: left } } : {},
  }
}

interface ReadParts {
  readonly world: Surroundings
  readonly stores: Stores
  readonly adaptBatch?: ((answer: BatchAnswer) => BatchAnswer) | undefined
}

/** Reads collector and source of a process with the product's adapter, which must ask again for keys left unread. */
export function createRegisteredReads(
  { world, stores, adaptBatch = answer => answer }: ReadParts,
  process: Process,
): Registry['registered'] {
  const client = {
    send: (command: BatchGetItemCommand) =>
      awsCall(world, process, 'registry.registered', async () =>
        adaptBatch(readBatch(world, stores, command)),
      ),
  } as unknown as DynamoDBClient
  return registryTable(client, TABLE, process).registered
}
