import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { TICK_SEGMENTS } from '../contract/limits.ts'
import { isLeased, isOfOlderSchema, type Task, type TaskKey } from '../domain/task/task.ts'
import { updated } from '../domain/task/task-change.ts'
import { upgradeTask } from '../domain/task/upgrade.ts'
import type { TaskPage } from '../domain/tick/pass.ts'
import type { ScanPlace, TaskStore } from '../ports.ts'
import { unlessConditionFails } from './conditional-write.ts'
import { parseTaskItem, toTaskItem } from './task-attributes.ts'
import { toItemKey, updateInput } from './task-updates.ts'
import { upgradeInput } from './task-upgrade.ts'

async function readItem(client: DynamoDBClient, table: string, key: TaskKey) {
  const get = new GetItemCommand({ TableName: table, Key: toItemKey(key), ConsistentRead: true })
  return (await client.send(get)).Item
}

async function upgrade(client: DynamoDBClient, table: string, key: TaskKey, nowMs: number) {
  const item = await readItem(client, table, key)
  const task = item && parseTaskItem(item)
  if (!task || !isOfOlderSchema(task)) return task
  if (isLeased(task, nowMs)) return undefined
  const upgraded = upgradeTask(task)
  const put = new PutItemCommand(upgradeInput(table, item, upgraded))
  return (await unlessConditionFails(client.send(put))) && upgraded
}

async function listTasksOfSource(client: DynamoDBClient, table: string, sourceId: number): Promise<Task[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'sourceId = :sourceId',
      ExpressionAttributeValues: marshall({ ':sourceId': sourceId }),
      ConsistentRead: true,
    }),
  )
  return Items.map(parseTaskItem)
}

/** Reads one page of the table, or of one of its segments. It may return older states. */
async function scanPage(
  client: DynamoDBClient,
  table: string,
  { segment, after }: ScanPlace = {},
): Promise<TaskPage> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({
      TableName: table,
      ...(segment !== undefined && { Segment: segment, TotalSegments: TICK_SEGMENTS }),
      ...(after && { ExclusiveStartKey: toItemKey(after) }),
    }),
  )
  const last = LastEvaluatedKey && (unmarshall(LastEvaluatedKey) as TaskKey)
  return { tasks: Items.map(parseTaskItem), ...(last && { last }) }
}

/** Tasks in DynamoDB. It makes conditional writes of single items only. */
export function tasksTable(client: DynamoDBClient, table: string): TaskStore {
  return {
    async read(key) {
      const item = await readItem(client, table, key)
      return item && parseTaskItem(item)
    },

    async apply(key, transition) {
      const update = new UpdateItemCommand(updateInput(table, key, transition))
      const answer = await unlessConditionFails(client.send(update))
      if (!answer?.Attributes) return undefined
      const before = parseTaskItem(answer.Attributes)
      return { before, after: updated(before, transition.update) }
    },

    upgrade: (key, nowMs) => upgrade(client, table, key, nowMs),

    async remove(key) {
      await client.send(new DeleteItemCommand({ TableName: table, Key: toItemKey(key) }))
    },

    async create(task) {
      const command = new PutItemCommand({
        TableName: table,
        Item: toTaskItem(task),
        ConditionExpression: 'attribute_not_exists(sourceId)',
      })
      await unlessConditionFails(client.send(command))
    },

    tasksOfSource: sourceId => listTasksOfSource(client, table, sourceId),
    scan: place => scanPage(client, table, place),
  }
}
