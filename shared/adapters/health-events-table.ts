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
import { requireKnownSchema } from '../domain/task/known-schema.ts'
import type { HealthChange } from '../domain/task/task-health.ts'
import type { HealthEventList, HealthEvents } from '../ports.ts'
import { unlessConditionFails } from './conditional-write.ts'

const { partition, sort, expiry } = HEALTH_KEY

/**
 * The partition with the latest change of each tracker. One query reads all open health events. (The stored name is
 * older than the word "open".)
 */
const LATEST = 'STANDING'

/** Returns how the places of a source begin. Sixteen digits keep them in the order of the ids. */
const toPlace = (sourceId: number): string => `${String(sourceId).padStart(16, '0')}#`

const readSourceId = (place: string): number => Number(place.slice(0, place.indexOf('#')))

/** Returns epoch seconds, the form that the table's expiry needs. */
const expiresAfter = (time: string, days: number): number =>
  Math.floor(Date.parse(time) / 1000) + days * 86_400

/** The number of the change keeps the order of changes that happen to a task in the same millisecond. */
const historyItem = (sourceId: number, { number, event }: HealthChange) => ({
  schema: 1,
  [partition]: String(sourceId),
  [sort]: `${event.eventTime}#${String(number).padStart(10, '0')}#${event.eventId}`,
  [expiry]: expiresAfter(event.eventTime, HEALTH_EVENT_DAYS),
  event,
})

/**
 * The item of a closed tracker stays for a day. Without it a late write of the open event would open the tracker again.
 */
const latestItem = (sourceId: number, { number, event }: HealthChange) => ({
  schema: 1,
  [partition]: LATEST,
  [sort]: `${toPlace(sourceId)}${event.details.trackerId}`,
  number,
  ...(event.status === 'UnHealthy' ? { event } : { [expiry]: expiresAfter(event.eventTime, 1) }),
})

interface Found {
  readonly place: string
  readonly event: HealthEvent
}

const readItem = (item: Record<string, AttributeValue>): Found => {
  const { [sort]: place, event } = requireKnownSchema(unmarshall(item), 'A health event')
  return { place: place as string, event: event as HealthEvent }
}

/** Returns up to `limit` events, and the place of the last one if there are more. */
async function takeFirst(found: AsyncIterable<Found>, limit: number): Promise<HealthEventList> {
  const some: Found[] = []
  for await (const one of found) {
    if (some.length === limit) return { events: toEvents(some), next: some.at(-1)?.place ?? '' }
    some.push(one)
  }
  return { events: toEvents(some) }
}

const toEvents = (found: readonly Found[]): HealthEvent[] => found.map(({ event }) => event)

/** Writes a change into the history of its source and, if it is the latest one, into the item of its tracker. */
async function recordChange(
  client: DynamoDBClient,
  table: string,
  sourceId: number,
  change: HealthChange,
): Promise<void> {
  await client.send(new PutItemCommand({ TableName: table, Item: marshall(historyItem(sourceId, change)) }))
  const latest = new PutItemCommand({
    TableName: table,
    Item: marshall(latestItem(sourceId, change)),
    ConditionExpression: 'attribute_not_exists(#number) OR #number < :number',
    ExpressionAttributeNames: { '#number': 'number' },
    ExpressionAttributeValues: marshall({ ':number': change.number }),
  })
  // If the condition does not hold, a later change is recorded already.
  await unlessConditionFails(client.send(latest))
}

/**
 * Health events in DynamoDB: the history of each source, and the latest change of each tracker. It writes single items
 * only.
 */
export function healthEventsTable(client: DynamoDBClient, table: string): HealthEvents {
  async function* query(resource: string, input: Partial<QueryCommandInput>, values = {}) {
    const whole: QueryCommandInput = {
      TableName: table,
      KeyConditionExpression: '#resource = :resource',
      ...input,
      ExpressionAttributeNames: { '#resource': partition, ...input.ExpressionAttributeNames },
      ExpressionAttributeValues: marshall({ ':resource': resource, ...values }),
      ConsistentRead: true,
    }
    for await (const { Items = [] } of paginateQuery({ client }, whole)) yield* Items.map(readItem)
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
    record: (sourceId, change) => recordChange(client, table, sourceId, change),

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
