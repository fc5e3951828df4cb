import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { TaskChange } from '../domain/progress.ts'
import type { TaskKey } from '../domain/task.ts'
import type { Lease } from '../ports.ts'

export const keyOf = ({ sourceId, api }: TaskKey) => marshall({ sourceId, api })

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

/** The owner may take its own lease again: the SDK repeats a call whose answer was lost. */
export const acquireInput = (table: string, key: TaskKey, lease: Lease): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyOf(key),
  UpdateExpression:
    'SET #leaseOwner = :owner, #leaseSinceMs = :now, #leaseExpiresMs = :expires, ' +
    '#partition = if_not_exists(#partition, :partition), #fence = #fence + :one',
  ConditionExpression:
    'attribute_exists(#fence) AND #halted <> :true AND #state <> :stopping AND ' +
    '(attribute_not_exists(#leaseOwner) OR #leaseExpiresMs <= :now OR #leaseOwner = :owner)',
  ExpressionAttributeNames: namesOf([
    'leaseOwner',
    'leaseSinceMs',
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
    'SET #state = :pending, #stateSince = :now, #reachedMs = :reached, #renewed = :version REMOVE #halted, #error',
  ConditionExpression:
    'attribute_exists(#fence) AND #state <> :stopping AND (attribute_not_exists(#version) OR #version < :version)',
  ExpressionAttributeNames: namesOf([
    'state',
    'stateSince',
    'reachedMs',
    'renewed',
    'halted',
    'error',
    'fence',
    'version',
  ]),
  ExpressionAttributeValues: marshall({
    ':pending': 'Pending',
    ':reached': { Pending: Date.parse(now) },
    ':stopping': 'Stopping',
    ':now': now,
    ':version': version,
  }),
})

export const stopInput = (table: string, key: TaskKey, now: string): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyOf(key),
  UpdateExpression: 'SET #state = :stopping, #stateSince = :now',
  ConditionExpression: 'attribute_exists(#fence) AND #state <> :stopping',
  ExpressionAttributeNames: namesOf(['state', 'stateSince', 'fence']),
  ExpressionAttributeValues: marshall({ ':stopping': 'Stopping', ':now': now }),
})

export const markToldInput = (table: string, key: TaskKey, number: number): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyOf(key),
  UpdateExpression: 'REMOVE #health.#untold',
  ConditionExpression: '#health.#changes = :number',
  ExpressionAttributeNames: namesOf(['health', 'untold', 'changes']),
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
