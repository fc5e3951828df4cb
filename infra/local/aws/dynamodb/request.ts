import { type JsonInput, refuseUnknownMembers } from '../gateway/json-protocol.ts'
import { type Need, notEmulated, ServiceError } from '../gateway/service.ts'
import type { Deployment } from '../template/model.ts'

const EVERY = ['TableName', 'ExpressionAttributeNames', 'ExpressionAttributeValues']
const WRITING = [...EVERY, 'ConditionExpression', 'ReturnValues']
const READING = [...EVERY, 'ConsistentRead']
const LISTING = [...READING, 'FilterExpression', 'Limit', 'ExclusiveStartKey']

/**
 * What dynalite does as DynamoDB does it. It ignores members it does not know (ReturnValuesOnConditionCheckFailure for
 * one) and has no transactions and no expiry, so whatever is not listed is refused.
 */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  GetItem: [...READING, 'Key'],
  PutItem: [...WRITING, 'Item'],
  UpdateItem: [...WRITING, 'Key', 'UpdateExpression'],
  DeleteItem: [...WRITING, 'Key'],
  Query: [...LISTING, 'KeyConditionExpression', 'ScanIndexForward'],
  Scan: LISTING,
  BatchGetItem: ['RequestItems'],
}

/** What the caller must be allowed to do. Throws for what cannot be emulated. */
export function findNeeds(operation: string, input: JsonInput, deployment: Deployment): [Need, ...Need[]] {
  const known = OPERATIONS[operation]
  if (!known) throw notEmulated(`dynamodb:${operation}`, 400)
  refuseUnknownMembers(`dynamodb:${operation}`, input, new Set(known))
  const [first, ...others] = findResources(input, deployment).map(resource => ({
    action: `dynamodb:${operation}`,
    resource,
  }))
  if (!first) throw new ServiceError('ValidationException', `${operation} names no table`)
  return [first, ...others]
}

function findResources(input: JsonInput, { region, account }: Deployment): string[] {
  const arn = (table: string) => `arn:aws:dynamodb:${region}:${account}:table/${table}`
  const { TableName: table, RequestItems: items } = input
  if (typeof items === 'object' && items !== null) return Object.keys(items).map(arn)
  return typeof table === 'string' ? [arn(table)] : []
}
