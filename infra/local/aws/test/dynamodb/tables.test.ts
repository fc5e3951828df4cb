import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { expect, test } from 'vitest'
import { startGateway } from '../../gateway/gateway.ts'
import { CLOCK, openGateway } from '../support/gateway-world.ts'
import { FUNCTION_NAME, GRANTS, sampleDeployment, TABLE, TABLE_ARN } from '../support/sample-deployment.ts'

const key = (sourceId: number, api = 'sign-in') => ({ sourceId: { N: String(sourceId) }, api: { S: api } })

const raiseFence = (from: number) =>
  new UpdateItemCommand({
    TableName: TABLE,
    Key: key(1),
    UpdateExpression: 'SET fence = :next',
    ConditionExpression: 'attribute_not_exists(fence) OR fence = :from',
    ExpressionAttributeValues: { ':next': { N: String(from + 1) }, ':from': { N: String(from) } },
    ReturnValues: 'ALL_NEW',
  })

test('lets one of two conditional updates win', async () => {
  await openGateway()
  const client = new DynamoDBClient({})
  await client.send(raiseFence(0))

  const outcomes = await Promise.allSettled([client.send(raiseFence(1)), client.send(raiseFence(1))])

  const lost = outcomes.filter(outcome => outcome.status === 'rejected')
  expect(lost.map(({ reason }) => reason.name)).toEqual(['ConditionalCheckFailedException'])
  const { Item: item } = await client.send(new GetItemCommand({ TableName: TABLE, Key: key(1) }))
  expect(item?.['fence']).toEqual({ N: '2' })
})

test('keeps items over a restart', async () => {
  const first = await openGateway()
  await new DynamoDBClient({}).send(
    new PutItemCommand({ TableName: TABLE, Item: { ...key(7), note: { S: '' } } }),
  )
  await first.gateway.close()
  await openGateway({ dataDir: first.dataDir })

  const { Item: item } = await new DynamoDBClient({}).send(
    new GetItemCommand({ TableName: TABLE, Key: key(7) }),
  )

  expect(item).toEqual({ ...key(7), note: { S: '' } })
})

test('queries and scans in pages and reads in batches', async () => {
  await openGateway()
  const client = new DynamoDBClient({})
  for (const id of [1, 2, 3]) {
    for (const api of ['auditEvents', 'itemUsage']) {
      await client.send(new PutItemCommand({ TableName: TABLE, Item: key(id, api) }))
    }
  }

  const query = await client.send(
    new QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: 'sourceId = :id',
      ExpressionAttributeValues: { ':id': { N: '2' } },
    }),
  )
  expect(query.Items).toEqual([key(2, 'auditEvents'), key(2, 'itemUsage')])

  const first = await client.send(new ScanCommand({ TableName: TABLE, Limit: 4 }))
  const second = await client.send(
    new ScanCommand({ TableName: TABLE, Limit: 4, ExclusiveStartKey: first.LastEvaluatedKey }),
  )
  expect([first.Count, second.Count, second.LastEvaluatedKey]).toEqual([4, 2, undefined])

  const batch = await client.send(
    new BatchGetItemCommand({ RequestItems: { [TABLE]: { Keys: [key(1, 'itemUsage'), key(9)] } } }),
  )
  expect(batch.Responses).toEqual({ [TABLE]: [key(1, 'itemUsage')] })
})

test('refuses what dynalite does differently from DynamoDB', async () => {
  const { logged } = await openGateway()
  const client = new DynamoDBClient({})
  const put = new PutItemCommand({
    TableName: TABLE,
    Item: key(1),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  })

  await expect(client.send(put)).rejects.toThrow(
    'does not emulate ReturnValuesOnConditionCheckFailure of dynamodb:PutItem',
  )
  await expect(client.send(new TransactWriteItemsCommand({ TransactItems: [] }))).rejects.toThrow(
    'does not emulate dynamodb:TransactWriteItems',
  )
  expect(logged).toEqual([expect.stringContaining('dynamodb:TransactWriteItems')])
})

test('refuses an action taken out of the role, naming action, resource and function', async () => {
  const grants = GRANTS.map(grant => ({
    ...grant,
    actions: grant.actions.filter(action => action !== 'dynamodb:updateitem'),
  }))
  const { logged } = await openGateway({ deployment: sampleDeployment(grants) })

  await expect(new DynamoDBClient({}).send(raiseFence(0))).rejects.toThrow(
    expect.objectContaining({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::000000000000:assumed-role/Stack-CollectRole/${FUNCTION_NAME} is not authorized to perform: dynamodb:UpdateItem on resource: ${TABLE_ARN} because no identity-based policy allows the dynamodb:UpdateItem action`,
    }),
  )
  expect(logged).toHaveLength(1)
})

test('requires a grant for every table of a batch', async () => {
  await openGateway()
  const request = new BatchGetItemCommand({
    RequestItems: { [TABLE]: { Keys: [key(1)] }, 'Stack-Other': { Keys: [key(1)] } },
  })

  await expect(new DynamoDBClient({}).send(request)).rejects.toThrow(/table\/Stack-Other/)
})

test('refuses to start on tables with other keys', async () => {
  const { gateway, dataDir } = await openGateway()
  await gateway.close()
  const deployment = sampleDeployment()
  const tables = deployment.tables.map(table => ({
    ...table,
    keySchema: table.keySchema.slice(0, 1),
    attributeDefinitions: table.attributeDefinitions.slice(0, 1),
  }))

  await expect(
    startGateway({
      deployment: { ...deployment, tables },
      clock: CLOCK,
      dataDir,
      putEvents: () => undefined,
    }),
  ).rejects.toThrow('the template wants sourceId HASH')
})
