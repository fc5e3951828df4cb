import type { AttributeValue, PutItemCommandInput } from '@aws-sdk/client-dynamodb'
import type { Task } from '../domain/task/task.ts'
import { STORED_NAMES, toTaskItem } from './task-attributes.ts'

type Item = Readonly<Record<string, AttributeValue>>

/**
 * An earlier deployment may still write to the task meanwhile. Every write to a task that is not leased changes one of
 * these attributes, except the note that health events are published. If that note is lost, they are published again.
 */
const WATCHED = ['fence', 'leaseOwner', 'stateSince'] as const

/** The watched attributes of an item. The first deployments stored attributes under their own names. */
const readWatched = (item: Item) =>
  WATCHED.map(attribute => {
    const name = 'fence' in item ? attribute : STORED_NAMES[attribute]
    return { name, value: item[name] }
  })

/**
 * Creates the request that replaces an item by the whole task in the present form, if the item is still as it was read.
 */
export function upgradeInput(table: string, item: Item, task: Task): PutItemCommandInput {
  const watched = readWatched(item)
  const conditions = watched.map(({ name, value }) =>
    value ? `#${name} = :${name}` : `attribute_not_exists(#${name})`,
  )
  return {
    TableName: table,
    Item: toTaskItem(task),
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(watched.map(({ name }) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      watched.flatMap(({ name, value }) => (value ? [[`:${name}`, value]] : [])),
    ),
  }
}
