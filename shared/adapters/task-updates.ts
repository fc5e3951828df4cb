import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { TaskChange } from '../domain/task/progress.ts'
import type { Task, TaskKey } from '../domain/task/task.ts'
import type { Claim, Lease } from '../ports.ts'
import { namesOf, valuesOf } from './task-attributes.ts'

export const keyOf = ({ sourceId, api }: TaskKey) => marshall({ sourceId, api })

/** SET for what has a value, REMOVE for what is undefined. The fence is always set: an update must not be empty. */
function updateOf(change: TaskChange, fence = ':fence') {
  const entries = Object.entries(change)
  const set = entries.filter(([, value]) => value !== undefined)
  const remove = entries.filter(([, value]) => value === undefined)
  const sets = [`#fence = ${fence}`, ...set.map(([name]) => `#${name} = :${name}`)]
  const removes = remove.map(([name]) => `#${name}`)
  return {
    UpdateExpression: `SET ${sets.join(', ')}${removes.length > 0 ? ` REMOVE ${removes.join(', ')}` : ''}`,
    names: namesOf(entries.map(([name]) => name as keyof TaskChange)),
    values: valuesOf(Object.fromEntries(set)),
  }
}

/** A run that was stopped may save nothing more, though the fence is its own. */
export function saveInput(
  table: string,
  key: TaskKey,
  fence: number,
  change: TaskChange,
): UpdateItemCommandInput {
  const { UpdateExpression, names, values } = updateOf(change)
  return {
    TableName: table,
    Key: keyOf(key),
    UpdateExpression,
    ConditionExpression: '#fence = :fence AND #state <> :stopping',
    ExpressionAttributeNames: { ...names, ...namesOf(['fence', 'state']) },
    ExpressionAttributeValues: marshall({ ...values, ':fence': fence, ':stopping': 'Stopping' }),
    ReturnValues: 'ALL_NEW',
  }
}

/** A condition that something is as it was read, there or not. */
const unchanged = (path: string, name: string, value: unknown) =>
  value === undefined
    ? { condition: `attribute_not_exists(${path})`, values: {} }
    : { condition: `${path} = :${name}`, values: { [`:${name}`]: value } }

export function takeOverInput(table: string, task: Task, change: TaskChange): UpdateItemCommandInput {
  const { UpdateExpression, names, values } = updateOf(change, ':next')
  const same = [
    unchanged('#renewed', 'wasRenewed', task.renewed),
    unchanged('#episode.#id', 'wasEpisode', task.episode?.id),
    unchanged('#episode.#execution', 'wasExecution', task.episode?.execution),
    unchanged('#leaseOwner', 'wasOwner', task.leaseOwner),
    unchanged('#health.#changes', 'wasChanges', task.health?.changes),
  ]
  return {
    TableName: table,
    Key: keyOf(task),
    UpdateExpression,
    ConditionExpression: ['#fence = :fence', '#state <> :stopping', ...same.map(each => each.condition)].join(
      ' AND ',
    ),
    ExpressionAttributeNames: {
      ...names,
      ...namesOf(
        ['fence', 'state', 'renewed', 'episode', 'leaseOwner', 'health'],
        ['id', 'execution', 'changes'],
      ),
    },
    ExpressionAttributeValues: marshall(
      Object.assign(
        { ...values, ':fence': task.fence, ':next': task.fence + 1, ':stopping': 'Stopping' },
        ...same.map(each => each.values),
      ),
      { removeUndefinedValues: true },
    ),
    ReturnValues: 'ALL_NEW',
  }
}

const isClaimed = '#episode.#id = :episode AND #episode.#execution = :execution'

const valuesOfClaim = ({ episode, execution }: Claim) => ({ ':episode': episode, ':execution': execution })

/** While a task is in an episode, only the execution that has claimed it may have it collected. */
const leaseFor = (claim: Claim | undefined) =>
  claim
    ? {
        condition: isClaimed,
        names: namesOf(['episode'], ['id', 'execution']),
        values: valuesOfClaim(claim),
      }
    : { condition: 'attribute_not_exists(#episode)', names: namesOf(['episode']), values: {} }

/** The owner may take its own lease again: the SDK repeats a call whose answer was lost. */
export function acquireInput(table: string, key: TaskKey, lease: Lease): UpdateItemCommandInput {
  const { condition, names, values } = leaseFor(lease.claim)
  return {
    TableName: table,
    Key: keyOf(key),
    UpdateExpression:
      'SET #leaseOwner = :owner, #leaseSinceMs = :now, #leaseExpiresMs = :expires, ' +
      '#partition = if_not_exists(#partition, :partition), #fence = #fence + :one',
    ConditionExpression:
      'attribute_exists(#fence) AND #halted <> :true AND #state <> :stopping AND ' +
      `(attribute_not_exists(#leaseOwner) OR #leaseExpiresMs <= :now OR #leaseOwner = :owner) AND ${condition}`,
    ExpressionAttributeNames: {
      ...names,
      ...namesOf(['leaseOwner', 'leaseSinceMs', 'leaseExpiresMs', 'partition', 'fence', 'halted', 'state']),
    },
    ExpressionAttributeValues: marshall({
      ...values,
      ':owner': lease.owner,
      ':expires': lease.expiresMs,
      ':partition': lease.partition,
      ':now': lease.nowMs,
      ':stopping': 'Stopping',
      ':true': true,
      ':one': 1,
    }),
    ReturnValues: 'ALL_OLD',
  }
}

/** A task that is stopped, halted or given up is collected no more, so its episode is nobody's. */
export const claimInput = (table: string, key: TaskKey, claim: Claim): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyOf(key),
  UpdateExpression: 'SET #episode.#execution = :execution',
  ConditionExpression:
    '#episode.#id = :episode AND #state <> :stopping AND attribute_not_exists(#halted) AND ' +
    '(attribute_not_exists(#episode.#execution) OR #episode.#execution = :execution)',
  ExpressionAttributeNames: namesOf(['episode', 'state', 'halted'], ['id', 'execution']),
  ExpressionAttributeValues: marshall({ ...valuesOfClaim(claim), ':stopping': 'Stopping' }),
  ReturnValues: 'ALL_NEW',
})

export const unclaimInput = (table: string, key: TaskKey, claim: Claim): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyOf(key),
  UpdateExpression: 'REMOVE #episode.#execution',
  ConditionExpression: isClaimed,
  ExpressionAttributeNames: namesOf(['episode'], ['id', 'execution']),
  ExpressionAttributeValues: marshall(valuesOfClaim(claim)),
})

/** A task without a version has never run. */
export const renewInput = (
  table: string,
  key: TaskKey,
  version: number,
  now: string,
): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyOf(key),
  UpdateExpression:
    'SET #state = :pending, #stateSince = :stateSince, #reachedMs = :reached, #renewed = :version REMOVE #halted, #error, #episode',
  ConditionExpression:
    'attribute_exists(#fence) AND #state <> :stopping AND (attribute_not_exists(#version) OR #version < :version)',
  ExpressionAttributeNames: namesOf([
    'state',
    'stateSince',
    'reachedMs',
    'renewed',
    'halted',
    'error',
    'episode',
    'fence',
    'version',
  ]),
  ExpressionAttributeValues: marshall({
    ':pending': 'Pending',
    ':reached': { Pending: Date.parse(now) },
    ':stopping': 'Stopping',
    ':version': version,
    ...valuesOf({ stateSince: now }),
  }),
})

export const stopInput = (table: string, key: TaskKey, now: string): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyOf(key),
  UpdateExpression: 'SET #state = :stopping, #stateSince = :stateSince',
  ConditionExpression: 'attribute_exists(#fence) AND #state <> :stopping',
  ExpressionAttributeNames: namesOf(['state', 'stateSince', 'fence']),
  ExpressionAttributeValues: marshall({ ':stopping': 'Stopping', ...valuesOf({ stateSince: now }) }),
})

export const markToldInput = (table: string, key: TaskKey, number: number): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyOf(key),
  UpdateExpression: 'REMOVE #health.#untold',
  ConditionExpression: '#health.#changes = :number',
  ExpressionAttributeNames: namesOf(['health'], ['untold', 'changes']),
  ExpressionAttributeValues: marshall({ ':number': number }),
})

export const letGoInput = (table: string, key: TaskKey, fence: number): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyOf(key),
  UpdateExpression: 'REMOVE #leaseOwner, #leaseSinceMs, #leaseExpiresMs',
  ConditionExpression: '#fence = :fence',
  ExpressionAttributeNames: namesOf(['leaseOwner', 'leaseSinceMs', 'leaseExpiresMs', 'fence']),
  ExpressionAttributeValues: marshall({ ':fence': fence }),
})
