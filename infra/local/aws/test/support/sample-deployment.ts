import type { Deployment, PolicyStatement } from '../../template/model.ts'

export const ROLE_ARN = 'arn:aws:iam::000000000000:role/Stack-CollectRole'
export const FUNCTION_NAME = 'Stack-Collect'
export const TABLE = 'Stack-Tasks'
export const TABLE_ARN = `arn:aws:dynamodb:us-east-1:000000000000:table/${TABLE}`
export const BUCKET = 'stack-lake'
export const BUCKET_ARN = `arn:aws:s3:::${BUCKET}`
export const BUS = 'Stack-Bus'
export const BUS_ARN = `arn:aws:events:us-east-1:000000000000:event-bus/${BUS}`
export const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:Stack-DeadLetters'
export const RULE_ARN = 'arn:aws:events:us-east-1:000000000000:rule/Stack-Tick'
export const SECRET = 'Stack-AccessKey'
export const SECRET_ARN = `arn:aws:secretsmanager:us-east-1:000000000000:secret:${SECRET}-abcdef`

export const allow = (actions: string, ...resources: string[]): PolicyStatement => ({
  effect: 'Allow',
  actions: actions.split(' ').map(action => action.toLowerCase()),
  resources,
})

export const GRANTS: readonly PolicyStatement[] = [
  allow(
    'dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:Query dynamodb:Scan dynamodb:BatchGetItem',
    TABLE_ARN,
  ),
  allow('s3:PutObject s3:GetObject', `${BUCKET_ARN}/events/*`),
  allow('s3:ListBucket', BUCKET_ARN),
  allow(
    'secretsmanager:*',
    'arn:aws:secretsmanager:us-east-1:000000000000:secret:Stack/source/*',
    SECRET_ARN,
  ),
  allow('events:PutEvents', BUS_ARN, `${BUS_ARN}-gone`),
]

const TLS_ONLY: PolicyStatement = {
  effect: 'Deny',
  actions: ['s3:*'],
  resources: [BUCKET_ARN, `${BUCKET_ARN}/*`],
  principals: ['*'],
  conditions: { Bool: { 'aws:SecureTransport': 'false' } },
}

const FROM_RULE: PolicyStatement = {
  ...allow('sqs:SendMessage', QUEUE_ARN),
  principals: ['events.amazonaws.com'],
  conditions: { ArnEquals: { 'aws:SourceArn': RULE_ARN } },
}

/** One of each thing that the gateway serves, and one role with these grants. */
export const sampleDeployment = (
  statements: readonly PolicyStatement[] = GRANTS,
  bucketPolicy: readonly PolicyStatement[] = [TLS_ONLY],
): Deployment => ({
  stackName: 'Stack',
  account: '000000000000',
  region: 'us-east-1',
  tables: [
    {
      logicalId: 'Tasks',
      name: TABLE,
      arn: TABLE_ARN,
      keySchema: [
        { AttributeName: 'sourceId', KeyType: 'HASH' },
        { AttributeName: 'api', KeyType: 'RANGE' },
      ],
      attributeDefinitions: [
        { AttributeName: 'sourceId', AttributeType: 'N' },
        { AttributeName: 'api', AttributeType: 'S' },
      ],
    },
  ],
  buckets: [{ logicalId: 'Lake', name: BUCKET, arn: BUCKET_ARN, folder: 'lake', policy: bucketPolicy }],
  secrets: [
    {
      logicalId: 'AccessKey',
      name: SECRET,
      arn: SECRET_ARN,
      generate: { template: '{"accessId":"op1"}', key: 'accessKey', length: 48, excludePunctuation: true },
    },
  ],
  queues: [{ logicalId: 'DeadLetters', name: 'Stack-DeadLetters', arn: QUEUE_ARN, policy: [FROM_RULE] }],
  topics: [],
  logGroups: [],
  buses: [{ logicalId: 'Bus', name: BUS, arn: BUS_ARN }],
  rules: [],
  roles: [{ logicalId: 'CollectRole', name: 'Stack-CollectRole', arn: ROLE_ARN, statements }],
  functions: [],
  stateMachines: [],
  urls: [],
  outputs: {},
})
