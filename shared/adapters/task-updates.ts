import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { Comparison, Condition } from '../domain/task/condition.ts'
import type { Transition } from '../domain/task/life.ts'
import type { Task, TaskKey } from '../domain/task/task.ts'
import type { TaskUpdate } from '../domain/task/task-change.ts'
import { STORED_NAMES, toStoredValue } from './task-attributes.ts'

export const toItemKey = ({ sourceId, api }: TaskKey) => marshall({ sourceId, api })

/** The placeholders of one request. DynamoDB refuses a request that names one and does not use it. */
interface Placeholders {
  readonly names: Record<string, string>
  readonly values: Record<string, unknown>
}

/**
 * Returns the path for an expression. Attributes of a task have short stored names; members of attributes keep their
 * names.
 */
function toPath({ names }: Placeholders, path: string): string {
  const [attribute = '', member] = path.split('.')
  names[`#${attribute}`] = STORED_NAMES[attribute as keyof Task]
  if (member === undefined) return `#${attribute}`
  names[`#${attribute}_${member}`] = member
  return `#${attribute}.#${attribute}_${member}`
}

function toValue({ values }: Placeholders, path: string, value: unknown): string {
  const placeholder = `:v${Object.keys(values).length}`
  values[placeholder] = toStoredValue(path, value)
  return placeholder
}

const OPERATORS: Readonly<Record<Comparison, string>> = {
  equals: '=',
  differs: '<>',
  isLessThan: '<',
  isAtMost: '<=',
}

const WORDS = { all: ' AND ', any: ' OR ' } as const

/** DynamoDB refuses redundant parentheses, so a group has them only within a group of the other kind. */
function toConditionExpression(
  used: Placeholders,
  condition: Condition,
  within: keyof typeof WORDS = condition.test === 'any' ? 'any' : 'all',
): string {
  switch (condition.test) {
    case 'all':
    case 'any': {
      const { test, conditions } = condition
      const group = conditions.map(each => toConditionExpression(used, each, test)).join(WORDS[test])
      return test === within ? group : `(${group})`
    }
    case 'isPresent':
      return `attribute_exists(${toPath(used, condition.path)})`
    case 'isAbsent':
      return `attribute_not_exists(${toPath(used, condition.path)})`
    default: {
      const { path, test, value } = condition
      return `${toPath(used, path)} ${OPERATORS[test]} ${toValue(used, path, value)}`
    }
  }
}

const toMembers = (attribute: 'episode' | 'health', members: object = {}): [string, unknown][] =>
  Object.entries(members).map(([name, value]) => [`${attribute}.${name}`, value])

function toSet(used: Placeholders, { setIfAbsent = {}, fence }: TaskUpdate, given: [string, unknown][]) {
  const sets = given.map(([path, value]) => `${toPath(used, path)} = ${toValue(used, path, value)}`)
  const ifAbsent = Object.entries(setIfAbsent).map(([name, value]) => {
    const path = toPath(used, name)
    return `${path} = if_not_exists(${path}, ${toValue(used, name, value)})`
  })
  const fencePath = fence === undefined ? '' : toPath(used, 'fence')
  const raised = fence === 'raised' ? [`${fencePath} = ${fencePath} + ${toValue(used, 'fence', 1)}`] : []
  const kept = typeof fence === 'number' ? [`${fencePath} = ${toValue(used, 'fence', fence)}`] : []
  return [...sets, ...ifAbsent, ...raised, ...kept]
}

function toUpdateExpression(used: Placeholders, update: TaskUpdate): string {
  const changes = [
    ...Object.entries(update.set),
    ...toMembers('episode', update.episode),
    ...toMembers('health', update.health),
  ]
  const sets = toSet(
    used,
    update,
    changes.filter(([, value]) => value !== undefined),
  )
  const removes = changes.filter(([, value]) => value === undefined).map(([path]) => toPath(used, path))
  return [
    ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
    ...(removes.length > 0 ? [`REMOVE ${removes.join(', ')}`] : []),
  ].join(' ')
}

/** Translates a transition for DynamoDB. The response holds the item as it was before. */
export function updateInput(table: string, key: TaskKey, transition: Transition): UpdateItemCommandInput {
  const used: Placeholders = { names: {}, values: {} }
  const UpdateExpression = toUpdateExpression(used, transition.update)
  const ConditionExpression = toConditionExpression(used, transition.guard)
  const hasValues = Object.keys(used.values).length > 0
  return {
    TableName: table,
    Key: toItemKey(key),
    UpdateExpression,
    ConditionExpression,
    ExpressionAttributeNames: used.names,
    ...(hasValues && {
      ExpressionAttributeValues: marshall(used.values, { removeUndefinedValues: true }),
    }),
    ReturnValues: 'ALL_OLD',
  }
}
