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

/** What stands of each tracker lies in one partition, so that all that is open is read by a query. */
const STANDING = 'STANDING'

/** Sixteen digits: in the order of the ids, and none is the beginning of another. */
const placeOfSource = (sourceId: number): string => `${String(sourceId).padStart(16, '0')}#`

const sourceOfPlace = (place: string): number => Number(place.slice(0, place.indexOf('#')))

/** Epoch seconds, as the table's expiry wants them. */
const expiresAfter = (time: string, days: number): number =>
  Math.floor(Date.parse(time) / 1000) + days * 86_400

/** Changes of one task in one millisecond stay in their order. */
const historyItem = (sourceId: number, { number, event }: HealthChange) => ({
  schema: 1,
  [partition]: String(sourceId),
  [sort]: `${event.eventTime}#${String(number).padStart(10, '0')}#${event.eventId}`,
  [expiry]: expiresAfter(event.eventTime, HEALTH_EVENT_DAYS),
  event,
})

/** A closed one stays for a day, so that nobody who comes late with the open event opens it again. */
const standingItem = (sourceId: number, { number, event }: HealthChange) => ({
  schema: 1,
  [partition]: STANDING,
  [sort]: `${placeOfSource(sourceId)}${event.details.trackerId}`,
  number,
  ...(event.status === 'UnHealthy' ? { event } : { [expiry]: expiresAfter(event.eventTime, 1) }),
})

async function unlessStale(write: Promise<unknown>): Promise<void> {
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

const foundOf = (item: Record<string, AttributeValue>): Found => {
  const { [sort]: place, event } = ofKnownSchema(unmarshall(item), 'A health event')
  return { place: place as string, event: event as HealthEvent }
}

/** As many as are asked for, and where to go on if there is another. */
async function firstOf(found: AsyncIterable<Found>, limit: number): Promise<HealthEventList> {
  const some: Found[] = []
  for await (const one of found) {
    if (some.length === limit) return { events: eventsOf(some), next: some.at(-1)?.place ?? '' }
    some.push(one)
  }
  return { events: eventsOf(some) }
}

const eventsOf = (found: readonly Found[]): HealthEvent[] => found.map(({ event }) => event)

/** Health events in DynamoDB: their history by source, and what is open. Single-item conditional writes only. */
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
    for await (const { Items = [] } of paginateQuery({ client }, asked)) yield* Items.map(foundOf)
  }

  const startAfter = (resource: string, place: string | undefined) =>
    place === undefined ? {} : { ExclusiveStartKey: marshall({ [partition]: resource, [sort]: place }) }

  async function* standing(after: string | undefined, sources: ReadonlySet<number> | undefined) {
    const open = {
      FilterExpression: 'attribute_exists(#event)',
      ExpressionAttributeNames: { '#event': 'event' },
    }
    for await (const found of query(STANDING, { ...open, ...startAfter(STANDING, after) })) {
      if (!sources || sources.has(sourceOfPlace(found.place))) yield found
    }
  }

  return {
    async record(sourceId, change) {
      await client.send(
        new PutItemCommand({ TableName: table, Item: marshall(historyItem(sourceId, change)) }),
      )
      const later = new PutItemCommand({
        TableName: table,
        Item: marshall(standingItem(sourceId, change)),
        ConditionExpression: 'attribute_not_exists(#number) OR #number < :number',
        ExpressionAttributeNames: { '#number': 'number' },
        ExpressionAttributeValues: marshall({ ':number': change.number }),
      })
      await unlessStale(client.send(later))
    },

    unresolved: ({ limit, after, sources }) => firstOf(standing(after, sources), limit),

    async history(sourceId, { limit, after, since }) {
      // DynamoDB refuses to start outside of what it is asked for.
      if (after !== undefined && after < since) return { events: [] }
      const resource = String(sourceId)
      const newestFirst = {
        ScanIndexForward: false,
        KeyConditionExpression: '#resource = :resource AND #place >= :since',
        ExpressionAttributeNames: { '#place': sort },
        ...startAfter(resource, after),
      }
      return firstOf(query(resource, newestFirst, { ':since': since }), limit)
    },
  }
}
