import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { changed, type TaskChange } from '../domain/progress.ts'
import type { Task, TaskKey } from '../domain/task.ts'
import type { Lease, TaskStore } from '../ports.ts'

const keyOf = ({ sourceId, api }: TaskKey) => marshall({ sourceId, api })

const taskOf = (item: Record<string, AttributeValue>): Task => unmarshall(item) as Task

const isConditionFailed = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ConditionalCheckFailedException'

/** Undefined if the condition does not hold; every other error is thrown. */
async function unlessConditionFails<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (isConditionFailed(error)) return undefined
    throw error
  }
}

const namesOf = (attributes: readonly string[]): Record<string, string> =>
  Object.fromEntries(attributes.map(name => [`#${name}`, name]))

/** SET for what has a value, REMOVE for what is undefined. The fence is set to itself: an update must not be empty. */
function updateOf(change: TaskChange) {
  const entries = Object.entries(change)
  const set = entries.filter(([, value]) => value !== undefined)
  const remove = entries.filter(([, value]) => value === undefined)
  const sets = ['fence', ...set.map(([name]) => name)].map(name => `#${name} = :${name}`)
  const removes = remove.map(([name]) => `#${name}`)
  return {
    UpdateExpression: `SET ${sets.join(', ')}${removes.length > 0 ? ` REMOVE ${removes.join(', ')}` : ''}`,
    names: namesOf(entries.map(([name]) => name)),
    values: Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
  }
}

function saveInput(table: string, key: TaskKey, fence: number, change: TaskChange): UpdateItemCommandInput {
  const { UpdateExpression, names, values } = updateOf(change)
  return {
    TableName: table,
    Key: keyOf(key),
    UpdateExpression,
    ConditionExpression: '#fence = :fence',
    ExpressionAttributeNames: { ...names, '#fence': 'fence' },
    ExpressionAttributeValues: marshall({ ...values, ':fence': fence }),
  }
}

/** The owner may take its own lease again: the SDK repeats a call whose answer was lost. */
const acquireInput = (table: string, key: TaskKey, lease: Lease): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyOf(key),
  UpdateExpression:
    'SET #leaseOwner = :owner, #leaseExpiresMs = :expires, #partition = if_not_exists(#partition, :partition), #fence = #fence + :one',
  ConditionExpression:
    'attribute_exists(#fence) AND #halted <> :true AND #state <> :stopping AND ' +
    '(attribute_not_exists(#leaseOwner) OR #leaseExpiresMs <= :now OR #leaseOwner = :owner)',
  ExpressionAttributeNames: namesOf([
    'leaseOwner',
    'leaseExpiresMs',
    'partition',
    'fence',
    'halted',
    'state',
  ]),
  ExpressionAttributeValues: marshall({
    ':owner': lease.owner,
    ':expires': lease.expiresMs,
    ':partition': lease.partition,
    ':now': lease.nowMs,
    ':stopping': 'Stopping',
    ':true': true,
    ':one': 1,
  }),
  ReturnValues: 'ALL_OLD',
})

function acquired(before: Task, lease: Lease) {
  const held = {
    leaseOwner: lease.owner,
    leaseExpiresMs: lease.expiresMs,
    partition: before.partition ?? lease.partition,
  }
  return {
    task: { ...changed(before, held), fence: before.fence + 1 },
    recovering: before.partition !== undefined,
  }
}

/** Tasks in DynamoDB: single-item conditional writes only. */
export function tasksTable(client: DynamoDBClient, table: string): TaskStore {
  return {
    async acquire(key, lease) {
      const answer = await unlessConditionFails(
        client.send(new UpdateItemCommand(acquireInput(table, key, lease))),
      )
      return answer?.Attributes && acquired(taskOf(answer.Attributes), lease)
    },

    async save(key, fence, change) {
      const command = new UpdateItemCommand(saveInput(table, key, fence, change))
      return (await unlessConditionFails(client.send(command))) !== undefined
    },

    async create(task) {
      const command = new PutItemCommand({
        TableName: table,
        Item: marshall(task, { removeUndefinedValues: true }),
        ConditionExpression: 'attribute_not_exists(sourceId)',
      })
      await unlessConditionFails(client.send(command))
    },

    async ofSource(sourceId) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'sourceId = :sourceId',
          ExpressionAttributeValues: marshall({ ':sourceId': sourceId }),
          ConsistentRead: true,
        }),
      )
      return Items.map(taskOf)
    },

    async *pages() {
      for await (const { Items = [] } of paginateScan({ client }, { TableName: table }))
        yield Items.map(taskOf)
    },
  }
}
