import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { HEALTH_EVENT_DAYS } from '../contract/limits.ts'
import { HEALTH_KEY } from '../contract/table-keys.ts'
import type { HealthEvent } from '../domain/task/health-event.ts'
import { ofKnownSchema } from '../domain/task/known-schema.ts'
import type { HealthChange } from '../domain/task/task-health.ts'
import type { HealthEventList, HealthEvents } from '../ports.ts'

const { partition, sort, expiry } = HEALTH_KEY

/**
 * The partition with the latest change of each tracker. One query reads all that is open. (The stored name is older
 * than the word "open health event".)
 */
const LATEST = 'STANDING'

/** With sixteen digits the places are in the order of the ids, and none of them begins another. */
const toPlace = (sourceId: number): string => `${String(sourceId).padStart(16, '0')}#`

const readSourceId = (place: string): number => Number(place.slice(0, place.indexOf('#')))

/** Returns epoch seconds, the form that the table's expiry needs. */
const expiresAfter = (time: string, days: number): number =>
  Math.floor(Date.parse(time) / 1000) + days * 86_400

/** The number keeps changes of one task within one millisecond in their order. */
const historyItem = (sourceId: number, { number, event }: HealthChange) => ({
  schema: 1,
  [partition]: String(sourceId),
  [sort]: `${event.eventTime}#${String(number).padStart(10, '0')}#${event.eventId}`,
  [expiry]: expiresAfter(event.eventTime, HEALTH_EVENT_DAYS),
  event,
})

/** A closed tracker stays for a day. Otherwise a late write of its open event would open it again. */
const latestItem = (sourceId: number, { number, event }: HealthChange) => ({
  schema: 1,
  [partition]: LATEST,
  [sort]: `${toPlace(sourceId)}${event.details.trackerId}`,
  number,
  ...(event.status === 'UnHealthy' ? { event } : { [expiry]: expiresAfter(event.eventTime, 1) }),
})

/** Ignores a lost condition: a later change is recorded already. */
async function ignoreStale(write: Promise<unknown>): Promise<void> {
  try {
    await write
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error
  }
}

interface Found {
  readonly place: string
  readonly event: HealthEvent
}

const readItem = (item: Record<string, AttributeValue>): Found => {
  const { [sort]: place, event } = ofKnownSchema(unmarshall(item), 'A health event')
  return { place: place as string, event: event as HealthEvent }
}

/** Returns up to `limit` events, and where to go on if there are more. */
async function takeFirst(found: AsyncIterable<Found>, limit: number): Promise<HealthEventList> {
  const some: Found[] = []
  for await (const one of found) {
    if (some.length === limit) return { events: toEvents(some), next: some.at(-1)?.place ?? '' }
    some.push(one)
  }
  return { events: toEvents(some) }
}

const toEvents = (found: readonly Found[]): HealthEvent[] => found.map(({ event }) => event)

/**
 * Health events in DynamoDB: the history of each source, and what is open. It makes conditional writes of single items
 * only.
 */
export function healthEventsTable(client: DynamoDBClient, table: string): HealthEvents {
  async function* query(resource: string, input: Partial<QueryCommandInput>, values = {}) {
    const asked: QueryCommandInput = {
      TableName: table,
      KeyConditionExpression: '#resource = :resource',
      ...input,
      ExpressionAttributeNames: { '#resource': partition, ...input.ExpressionAttributeNames },
      ExpressionAttributeValues: marshall({ ':resource': resource, ...values }),
      ConsistentRead: true,
    }
    for await (const { Items = [] } of paginateQuery({ client }, asked)) yield* Items.map(readItem)
  }

  const startAfter = (resource: string, place: string | undefined) =>
    place === undefined ? {} : { ExclusiveStartKey: marshall({ [partition]: resource, [sort]: place }) }

  async function* findOpen(after: string | undefined, sources: ReadonlySet<number> | undefined) {
    const open = {
      FilterExpression: 'attribute_exists(#event)',
      ExpressionAttributeNames: { '#event': 'event' },
    }
    for await (const found of query(LATEST, { ...open, ...startAfter(LATEST, after) })) {
      if (!sources || sources.has(readSourceId(found.place))) yield found
    }
  }

  return {
    async record(sourceId, change) {
      await client.send(
        new PutItemCommand({ TableName: table, Item: marshall(historyItem(sourceId, change)) }),
      )
      const later = new PutItemCommand({
        TableName: table,
        Item: marshall(latestItem(sourceId, change)),
        ConditionExpression: 'attribute_not_exists(#number) OR #number < :number',
        ExpressionAttributeNames: { '#number': 'number' },
        ExpressionAttributeValues: marshall({ ':number': change.number }),
      })
      await ignoreStale(client.send(later))
    },

    unresolved: ({ limit, after, sources }) => takeFirst(findOpen(after, sources), limit),

    async history(sourceId, { limit, after, since }) {
      // DynamoDB refuses a start that lies outside of the queried range.
      if (after !== undefined && after < since) return { events: [] }
      const resource = String(sourceId)
      const newestFirst = {
        ScanIndexForward: false,
        KeyConditionExpression: '#resource = :resource AND #place >= :since',
        ExpressionAttributeNames: { '#place': sort },
        ...startAfter(resource, after),
      }
      return takeFirst(query(resource, newestFirst, { ':since': since }), limit)
    },
  }
}
