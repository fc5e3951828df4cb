import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { expect, test } from 'vitest'
import { createAuthorizer } from '../../iam/authorizer.ts'
import type { Deployment, PolicyStatement } from '../../template/model.ts'
import { openGateway } from '../support/gateway-world.ts'
import {
  allow,
  BUCKET_ARN,
  FUNCTION_NAME,
  GRANTS,
  QUEUE_ARN,
  ROLE_ARN,
  SECRET_ARN,
  sampleDeployment,
  TABLE_ARN,
} from '../support/sample-deployment.ts'

const KEY = 'arn:aws:kms:us-east-1:000000000000:key/mine'

const TOPIC_ARN = 'arn:aws:sns:us-east-1:000000000000:Stack-Topic'

const keyGrant = (service: string, ...actions: string[]): PolicyStatement => ({
  ...allow(actions.join(' '), KEY),
  conditions: { StringEquals: { 'kms:ViaService': `${service}.us-east-1.amazonaws.com` } },
})

const underKey = <T extends object>(resources: readonly T[]) =>
  resources.map(resource => ({ ...resource, keyArn: KEY }))

/** Everything is under the key; the role has the usual grants and these. */
function keyed(...grants: PolicyStatement[]): Deployment {
  const deployment = sampleDeployment([
    ...GRANTS,
    allow('sqs:SendMessage', QUEUE_ARN),
    allow('sns:Publish', TOPIC_ARN),
    ...grants,
  ])
  const { tables, buckets, secrets, queues } = deployment
  return {
    ...deployment,
    tables: underKey(tables),
    buckets: underKey(buckets),
    secrets: underKey(secrets),
    queues: underKey(queues),
    topics: underKey([{ logicalId: 'Topic', name: 'Stack-Topic', arn: TOPIC_ARN, policy: [] }]),
  }
}

const calling = (deployment: Deployment, action: string, resource: string) => () =>
  createAuthorizer(deployment).authorize({ roleArn: ROLE_ARN, functionName: FUNCTION_NAME, action, resource })

test.each([
  ['dynamodb:GetItem', TABLE_ARN, 'dynamodb', 'kms:Decrypt'],
  ['s3:PutObject', `${BUCKET_ARN}/events/1`, 's3', 'kms:GenerateDataKey'],
  ['s3:GetObject', `${BUCKET_ARN}/events/1`, 's3', 'kms:Decrypt'],
  ['sqs:SendMessage', QUEUE_ARN, 'sqs', 'kms:GenerateDataKey kms:Decrypt'],
  ['sns:Publish', TOPIC_ARN, 'sns', 'kms:GenerateDataKey kms:Decrypt'],
])('%s needs the key through its own service', (action, resource, service, uses) => {
  const lacking = `not authorized to perform: ${uses.split(' ')[0]} on resource: ${KEY}`
  expect(calling(keyed(), action, resource)).toThrow(lacking)
  expect(calling(keyed(keyGrant('kinesis', 'kms:*')), action, resource)).toThrow(lacking)
  expect(calling(keyed(keyGrant(service, ...uses.split(' '))), action, resource)).not.toThrow()
})

test('listing a bucket takes no key, and without one no call does', () => {
  expect(calling(keyed(), 's3:ListBucket', BUCKET_ARN)).not.toThrow()
  expect(calling(sampleDeployment(), 'dynamodb:GetItem', TABLE_ARN)).not.toThrow()
})

test('a secret takes the key that it is under, of the template’s and of a function’s making', async () => {
  await openGateway({ deployment: keyed(keyGrant('secretsmanager', 'kms:GenerateDataKey')) })
  const client = new SecretsManagerClient({ maxAttempts: 1 })
  const read = (id: string) => client.send(new GetSecretValueCommand({ SecretId: id }))
  await expect(read(SECRET_ARN)).rejects.toThrow('kms:Decrypt')
  const create = (name: string, more: object = {}) =>
    client.send(new CreateSecretCommand({ Name: name, SecretString: 'token', ...more }))
  await create('Stack/source/1')
  expect(await read('Stack/source/1')).toMatchObject({ SecretString: 'token' })
  await expect(create('Stack/source/2', { KmsKeyId: KEY })).rejects.toThrow('kms:Decrypt')
  await expect(read('Stack/source/2')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

test('a secret of before the template had a key comes under it', async () => {
  const first = await openGateway()
  await first.gateway.close()
  await openGateway({ dataDir: first.dataDir, deployment: keyed() })
  await expect(
    new SecretsManagerClient({ maxAttempts: 1 }).send(new GetSecretValueCommand({ SecretId: SECRET_ARN })),
  ).rejects.toThrow('kms:Decrypt')
})
