import type { AttributeValue, PutItemCommandInput } from '@aws-sdk/client-dynamodb'
import type { Task } from '../domain/task/task.ts'
import { STORED_NAMES, toTaskItem } from './task-attributes.ts'

type Item = Readonly<Record<string, AttributeValue>>

/**
 * An earlier deployment that is still at work changes one of them with whatever it writes to a task that no run holds.
 * But for noting that health is told: that is then told again, as the same events.
 */
const WATCHED = ['fence', 'leaseOwner', 'stateSince'] as const

/** Those that the item has and has not. The first deployments stored attributes under their own names. */
const watchedIn = (item: Item) =>
  WATCHED.map(attribute => {
    const name = 'fence' in item ? attribute : STORED_NAMES[attribute]
    return { name, value: item[name] }
  })

/** Replaces an item by the whole task in the form of now. */
export function upgradeInput(table: string, item: Item, task: Task): PutItemCommandInput {
  const watched = watchedIn(item)
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
