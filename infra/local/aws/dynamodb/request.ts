import { type JsonInput, refuseUnknownMembers } from '../gateway/json-protocol.ts'
import { type Need, notEmulated, ServiceError } from '../gateway/service.ts'
import type { Deployment } from '../template/model.ts'

const EVERY = ['TableName', 'ExpressionAttributeNames', 'ExpressionAttributeValues']
const WRITING = [...EVERY, 'ConditionExpression', 'ReturnValues']
const READING = [...EVERY, 'ConsistentRead']
const LISTING = [...READING, 'FilterExpression', 'Limit', 'ExclusiveStartKey']

/**
 * Operations and members that dynalite treats as DynamoDB does. It ignores members that it does not know (for example
 * ReturnValuesOnConditionCheckFailure), and it has no transactions and no expiry. So everything else is refused.
 */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  GetItem: [...READING, 'Key'],
  PutItem: [...WRITING, 'Item'],
  UpdateItem: [...WRITING, 'Key', 'UpdateExpression'],
  DeleteItem: [...WRITING, 'Key'],
  Query: [...LISTING, 'KeyConditionExpression', 'ScanIndexForward'],
  Scan: [...LISTING, 'Segment', 'TotalSegments'],
  BatchGetItem: ['RequestItems'],
}

/** Returns what the caller must be allowed to do. Throws for a request that is not emulated. */
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
