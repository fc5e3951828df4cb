import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import type { Collector, Source } from '../domain/source.ts'
import type { Registry } from '../ports.ts'
import { nameReservations } from './name-reservations.ts'
import { ABSENT, registryItems } from './registry-items.ts'
import { collectorKey, counterKey, sourceKey } from './registry-key.ts'

/** Nine digits, as the original's ids have. The first id is one more. */
const BEFORE_FIRST_ID = 100_000_000

/** Never gives a number twice; a call that is repeated because its answer was lost skips one. */
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

/** Collectors, sources and names in one DynamoDB table: single-item conditional writes only. */
export function registryTable(client: DynamoDBClient, table: string): Registry {
  const items = registryItems(client, table)
  return {
    ...nameReservations(items),

    async registered(collectorId, sourceId) {
      const keys = [collectorKey(collectorId), sourceKey(collectorId, sourceId)]
      const [collector, source] = await items.getAll(keys)
      return (
        collector &&
        source && { collector: collector as unknown as Collector, source: source as unknown as Source }
      )
    },

    collector: async id => (await items.get(collectorKey(id))) as unknown as Collector | undefined,

    nextId: () => countUp(client, table),

    async putCollector(collector) {
      await items.put(collectorKey(collector.id), collector, { expression: ABSENT })
    },

    async putSource(source) {
      await items.put(sourceKey(source.collectorId, source.id), source, { expression: ABSENT })
    },
  }
}
