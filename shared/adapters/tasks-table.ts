import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateScan,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { changed } from '../domain/task/progress.ts'
import { isLeased, isOfOlderSchema, TASK_SCHEMA, type Task, type TaskKey } from '../domain/task/task.ts'
import type { Lease, TaskStore } from '../ports.ts'
import { itemOf, taskOf } from './task-attributes.ts'
import {
  acquireInput,
  claimInput,
  keyOf,
  letGoInput,
  markToldInput,
  renewInput,
  saveInput,
  stopInput,
  takeOverInput,
  unclaimInput,
} from './task-updates.ts'
import { upgradeInput } from './task-upgrade.ts'

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

function acquired(before: Task, lease: Lease) {
  const held = {
    leaseOwner: lease.owner,
    leaseSinceMs: lease.nowMs,
    leaseExpiresMs: lease.expiresMs,
    partition: before.partition ?? lease.partition,
  }
  return {
    task: { ...changed(before, held), fence: before.fence + 1 },
    recovering: before.partition !== undefined,
  }
}

async function itemAt(client: DynamoDBClient, table: string, key: TaskKey) {
  const get = new GetItemCommand({ TableName: table, Key: keyOf(key), ConsistentRead: true })
  return (await client.send(get)).Item
}

async function upgrade(client: DynamoDBClient, table: string, key: TaskKey, nowMs: number) {
  const item = await itemAt(client, table, key)
  const task = item && taskOf(item)
  if (!task || !isOfOlderSchema(task)) return task
  if (isLeased(task, nowMs)) return undefined
  const upgraded: Task = { ...task, schema: TASK_SCHEMA }
  const put = new PutItemCommand(upgradeInput(table, item, upgraded))
  return (await unlessConditionFails(client.send(put))) && upgraded
}

/** Tasks in DynamoDB: single-item conditional writes only. */
export function tasksTable(client: DynamoDBClient, table: string): TaskStore {
  const update = (input: UpdateItemCommandInput) =>
    unlessConditionFails(client.send(new UpdateItemCommand(input)))

  return {
    async read(key) {
      const item = await itemAt(client, table, key)
      return item && taskOf(item)
    },

    async acquire(key, lease) {
      const answer = await update(acquireInput(table, key, lease))
      return answer?.Attributes && acquired(taskOf(answer.Attributes), lease)
    },

    async save(key, fence, change) {
      const answer = await update(saveInput(table, key, fence, change))
      return answer?.Attributes && taskOf(answer.Attributes)
    },

    async takeOver(task, change) {
      const answer = await update(takeOverInput(table, task, change))
      return answer?.Attributes && taskOf(answer.Attributes)
    },

    async claim(key, claim) {
      const answer = await update(claimInput(table, key, claim))
      return answer?.Attributes && taskOf(answer.Attributes)
    },

    unclaim: async (key, claim) => (await update(unclaimInput(table, key, claim))) !== undefined,

    async renew(key, version, now) {
      await update(renewInput(table, key, version, now))
    },

    async stop(key, now) {
      await update(stopInput(table, key, now))
    },

    letGo: async (key, fence) => (await update(letGoInput(table, key, fence))) !== undefined,

    async markTold(key, number) {
      await update(markToldInput(table, key, number))
    },

    upgrade: (key, nowMs) => upgrade(client, table, key, nowMs),

    async remove(key) {
      await client.send(new DeleteItemCommand({ TableName: table, Key: keyOf(key) }))
    },

    async create(task) {
      const command = new PutItemCommand({
        TableName: table,
        Item: itemOf(task),
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
