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
  const leadingKey = findLeadingKey(input, deployment)
  const [first, ...others] = findResources(input, deployment).map(resource => ({
    action: `dynamodb:${operation}`,
    resource,
    ...(leadingKey !== undefined && { leadingKey }),
  }))
  if (!first) throw new ServiceError('ValidationException', `${operation} names no table`)
  return [first, ...others]
}

type Item = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Returns the partition key of the item that the operation is about, if it is about one item. */
function findLeadingKey(input: JsonInput, { tables }: Deployment): string | undefined {
  const item = (input['Key'] ?? input['Item']) as Item | undefined
  const table = tables.find(({ name }) => name === input['TableName'])
  const key = table?.keySchema.find(({ KeyType }) => KeyType === 'HASH')
  return item && key && Object.values(item[key.AttributeName] ?? {})[0]
}

function findResources(input: JsonInput, { region, account }: Deployment): string[] {
  const arn = (table: string) => `arn:aws:dynamodb:${region}:${account}:table/${table}`
  const { TableName: table, RequestItems: items } = input
  if (typeof items === 'object' && items !== null) return Object.keys(items).map(arn)
  return typeof table === 'string' ? [arn(table)] : []
}
