import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import type { InterceptedCall, Phase } from '../../gateway/interception.ts'
import { createAuthorizer } from '../../iam/authorizer.ts'
import { openGateway } from '../support/gateway-world.ts'
import {
  BUCKET,
  BUCKET_ARN,
  FUNCTION_NAME,
  QUEUE_ARN,
  ROLE_ARN,
  RULE_ARN,
  sampleDeployment,
  TABLE,
  TABLE_ARN,
} from '../support/sample-deployment.ts'

const ITEM = { sourceId: { N: '1' }, api: { S: 'sign-in' } }
const putItem = new PutItemCommand({ TableName: TABLE, Item: ITEM })
const getItem = new GetItemCommand({ TableName: TABLE, Key: ITEM })
const putObject = new PutObjectCommand({ Bucket: BUCKET, Key: 'events/x', Body: 'x' })

const once = { maxAttempts: 1 }

test('gives one key pair to one function of one role', async () => {
  const { gateway } = await openGateway()

  expect(gateway.credentials(ROLE_ARN, FUNCTION_NAME)).toEqual(gateway.credentials(ROLE_ARN, FUNCTION_NAME))
  expect(gateway.credentials(ROLE_ARN, 'other').accessKeyId).not.toBe(
    gateway.credentials(ROLE_ARN, FUNCTION_NAME).accessKeyId,
  )
})

test('refuses strangers and bad signatures with the errors of each service', async () => {
  const { gateway } = await openGateway()
  const own = gateway.credentials(ROLE_ARN, FUNCTION_NAME)
  const stranger = { credentials: { ...own, accessKeyId: 'ASIAUNKNOWN' } }
  const forger = { credentials: { ...own, secretAccessKey: 'guessed' } }
  const stale = { credentials: { ...own, sessionToken: 'older' } }

  const named = (name: string) => expect.objectContaining({ name })
  await expect(new DynamoDBClient(stranger).send(getItem)).rejects.toThrow(
    named('UnrecognizedClientException'),
  )
  await expect(new DynamoDBClient(stale).send(getItem)).rejects.toThrow(named('UnrecognizedClientException'))
  await expect(new DynamoDBClient(forger).send(getItem)).rejects.toThrow(named('InvalidSignatureException'))
  await expect(new S3Client(stranger).send(putObject)).rejects.toThrow(named('InvalidAccessKeyId'))
  await expect(new S3Client(forger).send(putObject)).rejects.toThrow(named('SignatureDoesNotMatch'))
  expect((await fetch(gateway.url)).status).toBe(403)
})

test('refuses a body that was not signed', async () => {
  const { gateway } = await openGateway()
  const client = new S3Client({})
  client.middlewareStack.add(
    next => args => {
      const { request } = args as { request: { body: unknown } }
      request.body = 'y'
      return next(args)
    },
    { step: 'deserialize', priority: 'low' },
  )

  await expect(client.send(putObject)).rejects.toThrow(
    expect.objectContaining({ name: 'XAmzContentSHA256Mismatch' }),
  )
  expect(gateway.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
})

test('shows each call to the interceptor before and after it takes effect', async () => {
  const seen: [InterceptedCall, Phase][] = []
  await openGateway({ intercept: (call, phase) => void seen.push([call, phase]) })

  await new DynamoDBClient({}).send(putItem)
  await new S3Client({}).send(putObject)

  const table = { service: 'dynamodb', action: 'PutItem', resource: TABLE_ARN, functionName: FUNCTION_NAME }
  const object = {
    service: 's3',
    action: 'PutObject',
    resource: `${BUCKET_ARN}/events/x`,
    functionName: FUNCTION_NAME,
  }
  expect(seen).toEqual([
    [{ ...table, sequence: 1 }, 'before'],
    [{ ...table, sequence: 1 }, 'after'],
    [{ ...object, sequence: 2 }, 'before'],
    [{ ...object, sequence: 2 }, 'after'],
  ])
})

test('answers an error before the effect, or in place of the answer after it', async () => {
  let phase: Phase = 'before'
  await openGateway({
    intercept: ({ action }, now) =>
      action === 'PutItem' && now === phase
        ? { kind: 'error', status: 400, code: 'ThrottlingException', message: 'slow down' }
        : undefined,
  })
  const client = new DynamoDBClient(once)

  await expect(client.send(putItem)).rejects.toThrow(expect.objectContaining({ name: 'ThrottlingException' }))
  expect((await client.send(getItem)).Item).toBeUndefined()
  phase = 'after'
  await expect(client.send(putItem)).rejects.toThrow('slow down')
  expect((await client.send(getItem)).Item).toEqual(ITEM)
})

test('drops the connection or never answers, and still closes', async () => {
  const { gateway } = await openGateway({
    intercept: ({ service }, phase) =>
      phase === 'after' ? { kind: service === 's3' ? 'hang' : 'drop' } : undefined,
  })

  await expect(new DynamoDBClient(once).send(putItem)).rejects.toThrow(
    expect.objectContaining({ code: 'ECONNRESET' }),
  )
  const hanging = new S3Client(once).send(putObject, { abortSignal: AbortSignal.timeout(150) })
  await expect(hanging).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
  await gateway.close()
})

test('answers HEAD with the status only', async () => {
  await openGateway()

  await expect(
    new S3Client({}).send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'events/missing' })),
  ).rejects.toThrow(expect.objectContaining({ name: 'NotFound' }))
})

test('refuses a service that it does not emulate by name', async () => {
  const { logged } = await openGateway()
  const client = new DynamoDBClient({ ...once, signingName: 'kinesis' } as object)
  client.middlewareStack.add(
    next => args => {
      const { request } = args as { request: { headers: Record<string, string> } }
      request.headers['authorization'] = String(request.headers['authorization']).replace(
        '/dynamodb/',
        '/kinesis/',
      )
      return next(args)
    },
    { step: 'deserialize', priority: 'low' },
  )

  await expect(client.send(getItem)).rejects.toThrow('does not emulate the service kinesis')
  expect(logged).toEqual([expect.stringContaining('kinesis')])
})

test('authorizes calls of services by the policies of roles and of resources', () => {
  const { authorize, authorizeService } = createAuthorizer(sampleDeployment())
  const role = { roleArn: ROLE_ARN, functionName: FUNCTION_NAME }
  const send = { action: 'sqs:SendMessage', resource: QUEUE_ARN }
  const service = 'events.amazonaws.com'

  expect(() => authorize({ ...role, action: 'dynamodb:PutItem', resource: TABLE_ARN })).not.toThrow()
  expect(() => authorize({ ...role, ...send })).toThrow(/not authorized to perform: sqs:SendMessage/)
  expect(() => authorizeService({ service, sourceArn: RULE_ARN, ...send })).not.toThrow()
  expect(() => authorizeService({ service, sourceArn: `${RULE_ARN}2`, ...send })).toThrow(
    /because no resource-based policy allows the sqs:SendMessage action/,
  )
})
