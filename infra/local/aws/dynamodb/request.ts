import { type JsonInput, refuseUnknownMembers } from '../gateway/json-protocol.ts'
import { type Need, notEmulated, ServiceError } from '../gateway/service.ts'
import type { Deployment } from '../template/model.ts'

const WRITING = ['ConditionExpression', 'ReturnValues', 'ReturnItemCollectionMetrics']
const READING = ['ConsistentRead', 'ProjectionExpression']
const LISTING = [...READING, 'FilterExpression', 'Limit', 'ExclusiveStartKey', 'IndexName', 'Select']
const EVERY = ['TableName', 'ReturnConsumedCapacity', 'ExpressionAttributeNames', 'ExpressionAttributeValues']

/**
 * What dynalite does as DynamoDB does it. It ignores members it does not know (ReturnValuesOnConditionCheckFailure for
 * one) and has no transactions and no expiry, so whatever is not listed is refused.
 */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  GetItem: [...EVERY, ...READING, 'Key'],
  PutItem: [...EVERY, ...WRITING, 'Item'],
  UpdateItem: [...EVERY, ...WRITING, 'Key', 'UpdateExpression'],
  DeleteItem: [...EVERY, ...WRITING, 'Key'],
  Query: [...EVERY, ...LISTING, 'KeyConditionExpression', 'ScanIndexForward'],
  Scan: [...EVERY, ...LISTING, 'Segment', 'TotalSegments'],
  BatchGetItem: ['RequestItems', 'ReturnConsumedCapacity'],
  BatchWriteItem: ['RequestItems', 'ReturnConsumedCapacity', 'ReturnItemCollectionMetrics'],
  DescribeTable: ['TableName'],
}

/** What the caller must be allowed to do. Throws for what cannot be emulated. */
export function needsOf(operation: string, input: JsonInput, deployment: Deployment): [Need, ...Need[]] {
  const known = OPERATIONS[operation]
  if (!known) throw notEmulated(`dynamodb:${operation}`, 400)
  refuseUnknownMembers(`dynamodb:${operation}`, input, new Set(known))
  const [first, ...others] = resourcesOf(input, deployment).map(resource => ({
    action: `dynamodb:${operation}`,
    resource,
  }))
  if (!first) throw new ServiceError('ValidationException', `${operation} names no table`)
  return [first, ...others]
}

function resourcesOf(input: JsonInput, { region, account }: Deployment): string[] {
  const arn = (table: string) => `arn:aws:dynamodb:${region}:${account}:table/${table}`
  const { TableName: table, RequestItems: items, IndexName: index } = input
  if (typeof items === 'object' && items !== null) return Object.keys(items).map(arn)
  if (typeof table !== 'string') return []
  return [typeof index === 'string' ? `${arn(table)}/index/${index}` : arn(table)]
}
