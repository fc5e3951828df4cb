import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { evaluate, gatherProblems, readStatements } from 'aws-emulator'
import { describe, expect, it } from 'vitest'
import { templateWith } from '../infra/synthesized.ts'

const TEXT = readFileSync(join(import.meta.dirname, '../../docs/deployment-policy.json'), 'utf8')
const HERE = 'eu-central-1:123456789012'

/** What CloudFormation does for a resource: to make, change and delete it. */
interface Deployed {
  readonly actions: string
  /** ARN of what it makes, by stack, logical id and the characters that CloudFormation adds. */
  readonly arn: (stack: string, id: string) => string
}

const made =
  (service: string, kind = '') =>
  (stack: string, id: string) =>
    `arn:aws:${service}:${HERE}:${kind}${stack}-${id}-1A2B3C`

const ofRole = (stack: string, id: string) => `arn:aws:iam::123456789012:role/${stack}-${id}-1A2B3C`
const ofBucket = (stack: string, id: string) => `arn:aws:s3:::${`${stack}-${id}-1A2B3C`.toLowerCase()}`
const ofFunction = made('lambda', 'function:')
const inGlue = (kind: string) => (stack: string) =>
  `arn:aws:glue:${HERE}:${kind}/${stack.toLowerCase().replaceAll('-', '_')}${kind === 'table' ? '/events' : ''}`

const DEPLOYED: Readonly<Record<string, Deployed>> = {
  'AWS::DynamoDB::GlobalTable': {
    actions:
      'dynamodb:CreateTable dynamodb:DescribeTable dynamodb:UpdateTable dynamodb:UpdateContinuousBackups ' +
      'dynamodb:UpdateTimeToLive dynamodb:DeleteTable',
    arn: made('dynamodb', 'table/'),
  },
  'AWS::S3::Bucket': {
    actions:
      's3:CreateBucket s3:PutEncryptionConfiguration s3:PutLifecycleConfiguration s3:PutBucketPublicAccessBlock s3:DeleteBucket',
    arn: ofBucket,
  },
  'AWS::S3::BucketPolicy': {
    actions: 's3:PutBucketPolicy s3:GetBucketPolicy s3:DeleteBucketPolicy',
    arn: ofBucket,
  },
  'AWS::SecretsManager::Secret': {
    actions: 'secretsmanager:CreateSecret secretsmanager:UpdateSecret secretsmanager:DeleteSecret',
    arn: (_, id) => `arn:aws:secretsmanager:${HERE}:secret:${id}-1A2B3C-xYz123`,
  },
  'AWS::Events::EventBus': {
    actions: 'events:CreateEventBus events:UpdateEventBus events:DescribeEventBus events:DeleteEventBus',
    arn: stack => `arn:aws:events:${HERE}:event-bus/${stack.replaceAll('-', '')}Bus42C90505`,
  },
  'AWS::Events::Rule': {
    actions: 'events:PutRule events:PutTargets events:DescribeRule events:RemoveTargets events:DeleteRule',
    arn: (stack, id) =>
      `arn:aws:events:${HERE}:rule/${stack.replaceAll('-', '')}Bus42C90505/${stack}-${id}-1A2B3C`,
  },
  'AWS::SQS::Queue': {
    actions: 'sqs:CreateQueue sqs:GetQueueAttributes sqs:SetQueueAttributes sqs:DeleteQueue',
    arn: made('sqs'),
  },
  'AWS::SQS::QueuePolicy': { actions: 'sqs:SetQueueAttributes', arn: made('sqs') },
  'AWS::Logs::LogGroup': {
    actions: 'logs:CreateLogGroup logs:PutRetentionPolicy logs:AssociateKmsKey logs:DeleteLogGroup',
    arn: made('logs', 'log-group:'),
  },
  'AWS::Logs::ResourcePolicy': {
    actions: 'logs:PutResourcePolicy logs:DescribeResourcePolicies logs:DeleteResourcePolicy',
    arn: () => '*',
  },
  'AWS::IAM::Role': {
    actions: 'iam:CreateRole iam:GetRole iam:UpdateRole iam:UpdateAssumeRolePolicy iam:DeleteRole',
    arn: ofRole,
  },
  'AWS::IAM::Policy': { actions: 'iam:PutRolePolicy iam:GetRolePolicy iam:DeleteRolePolicy', arn: ofRole },
  'AWS::Lambda::Function': {
    actions:
      'lambda:CreateFunction lambda:GetFunction lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration ' +
      'lambda:PutFunctionConcurrency lambda:DeleteFunctionConcurrency lambda:DeleteFunction',
    arn: ofFunction,
  },
  'AWS::Lambda::EventInvokeConfig': {
    actions:
      'lambda:PutFunctionEventInvokeConfig lambda:UpdateFunctionEventInvokeConfig lambda:DeleteFunctionEventInvokeConfig',
    arn: ofFunction,
  },
  'AWS::Lambda::Permission': { actions: 'lambda:AddPermission lambda:RemovePermission', arn: ofFunction },
  'AWS::Lambda::Url': {
    actions:
      'lambda:CreateFunctionUrlConfig lambda:GetFunctionUrlConfig lambda:UpdateFunctionUrlConfig lambda:DeleteFunctionUrlConfig',
    arn: ofFunction,
  },
  'AWS::SNS::Topic': {
    actions: 'sns:CreateTopic sns:GetTopicAttributes sns:SetTopicAttributes sns:DeleteTopic',
    arn: made('sns'),
  },
  'AWS::SNS::TopicPolicy': { actions: 'sns:SetTopicAttributes', arn: made('sns') },
  'AWS::SNS::Subscription': {
    actions: 'sns:Subscribe sns:GetSubscriptionAttributes sns:Unsubscribe',
    arn: made('sns'),
  },
  'AWS::CloudWatch::Alarm': {
    actions: 'cloudwatch:PutMetricAlarm cloudwatch:DeleteAlarms',
    arn: stack => `arn:aws:cloudwatch:${HERE}:alarm:${stack}-NotRunning`,
  },
  'AWS::CloudWatch::Dashboard': {
    actions: 'cloudwatch:PutDashboard cloudwatch:GetDashboard cloudwatch:DeleteDashboards',
    arn: stack => `arn:aws:cloudwatch::123456789012:dashboard/${stack}-eu-central-1`,
  },
  'AWS::Glue::Database': {
    actions: 'glue:CreateDatabase glue:GetDatabase glue:UpdateDatabase glue:DeleteDatabase',
    arn: inGlue('database'),
  },
  'AWS::Glue::Table': {
    actions: 'glue:CreateTable glue:GetTable glue:UpdateTable glue:DeleteTable',
    arn: inGlue('table'),
  },
  'AWS::StepFunctions::StateMachine': {
    actions:
      'states:CreateStateMachine states:DescribeStateMachine states:UpdateStateMachine states:DeleteStateMachine',
    arn: (_, id) => `arn:aws:states:${HERE}:stateMachine:${id}-1A2B3C`,
  },
}

/** As the guide has it made for a stack of another name. */
const policyFor = (stack: string): string =>
  TEXT.replaceAll('OnePasswordSource', stack).replaceAll('onepasswordsource', stack.toLowerCase())

function allows(
  text: string,
  action: string,
  resource: string,
  context: Readonly<Record<string, string>> = {},
) {
  const identity = readStatements(
    JSON.parse(text),
    { logicalId: 'policy', type: 'file', path: '' },
    gatherProblems(),
  )
  return evaluate({ principal: 'cloudformation', action, resource, context }, { identity }).allowed
}

const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1a2b3c4d-0000-4444-8888-121212121212'
const templates = [
  {},
  { adminAuth: 'iam', alarmAddress: 'security@example.com' },
  { kmsKeyArn: KEY, reservedConcurrency: 5, removalPolicy: 'destroy' },
].map(context => templateWith(context as Record<string, unknown>).toJSON()['Resources'])

describe('the deployment policy', () => {
  it.each(['OnePasswordSource', 'EventsTest'])(
    'lets CloudFormation make, change and delete every resource of the stack %s',
    stack => {
      const lacking = templates
        .flatMap(resources => Object.entries<{ Type: string }>(resources))
        .flatMap(([id, { Type }]) => {
          const deployed = DEPLOYED[Type]
          if (!deployed) return [`nothing is known of ${Type}`]
          const arn = deployed.arn(stack, id)
          return deployed.actions.split(' ').filter(action => !allows(policyFor(stack), action, arn))
        })
      expect([...new Set(lacking)]).toEqual([])
    },
  )

  it('lets it read the bundles and give the functions their roles, and nobody else one', () => {
    expect(
      allows(TEXT, 's3:GetObject', 'arn:aws:s3:::cdk-hnb659fds-assets-123456789012-eu-central-1/1a2b.zip'),
    ).toBe(true)
    const role = ofRole('OnePasswordSource', 'CollectRole')
    const passing = (service: string) =>
      allows(TEXT, 'iam:PassRole', role, { 'iam:passedtoservice': service })
    expect(passing('lambda.amazonaws.com')).toBe(true)
    expect(passing('ec2.amazonaws.com')).toBe(false)
  })

  it('lets it put tables and secrets under a key, through these services alone', () => {
    const using = (action: string, via: string) =>
      allows(TEXT, action, KEY, { 'kms:viaservice': `${via}.eu-central-1.amazonaws.com` })
    expect(using('kms:CreateGrant', 'dynamodb')).toBe(true)
    expect(using('kms:GenerateDataKey', 'secretsmanager')).toBe(true)
    expect(using('kms:Decrypt', 's3')).toBe(false)
    expect(allows(TEXT, 'kms:Decrypt', KEY)).toBe(false)
  })

  it.each([
    ['dynamodb:DeleteTable', made('dynamodb', 'table/')('Payroll', 'Table')],
    ['dynamodb:GetItem', made('dynamodb', 'table/')('OnePasswordSource', 'RegistryTable')],
    ['s3:GetObject', `${ofBucket('OnePasswordSource', 'Lake')}/events/1.ndjson`],
    ['s3:DeleteBucket', 'arn:aws:s3:::payroll'],
    [
      'secretsmanager:GetSecretValue',
      `arn:aws:secretsmanager:${HERE}:secret:OnePasswordSource/source/1-xYz123`,
    ],
    ['lambda:InvokeFunction', ofFunction('OnePasswordSource', 'AdminFunction')],
    ['iam:CreateRole', ofRole('Admin', 'Role')],
    ['iam:AttachRolePolicy', ofRole('OnePasswordSource', 'CollectRole')],
    ['iam:CreateUser', 'arn:aws:iam::123456789012:user/OnePasswordSource-User'],
    ['kms:ScheduleKeyDeletion', KEY],
    ['kms:PutKeyPolicy', KEY],
  ])('does not let it %s on %s', (action, resource) => {
    expect(allows(TEXT, action, resource)).toBe(false)
  })

  it('names actions, never a whole service', () => {
    const actions = JSON.parse(TEXT).Statement.flatMap(({ Action }: { Action: string | string[] }) => Action)
    for (const action of actions) expect(action).toMatch(/^[a-z0-9-]+:[A-Z][A-Za-z]+\*?$/)
  })

  it('fits into a managed policy', () => {
    expect(JSON.stringify(JSON.parse(TEXT)).length).toBeLessThanOrEqual(6144)
  })
})

describe('the key policy', () => {
  const policy = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/key-policy.json'), 'utf8'))

  it('lets in every service that writes to what is under the key in its own name', () => {
    const writers = Object.values<{ Type: string; Properties: object }>(templates[2] ?? {})
      .filter(({ Type }) => ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'].includes(Type))
      .flatMap(({ Properties }) => JSON.stringify(Properties).match(/[a-z]+\.amazonaws\.com/g) ?? [])
    const admitted = policy.Statement.flatMap(
      ({ Principal }: { Principal: { Service?: string | string[] } }) => Principal.Service ?? [],
    )
    expect([...new Set(writers)].sort()).toEqual(['cloudwatch.amazonaws.com', 'events.amazonaws.com'])
    expect(admitted).toEqual(expect.arrayContaining([...new Set(writers), 'logs.eu-central-1.amazonaws.com']))
  })

  it('leaves the rest to the account’s own policies', () => {
    expect(policy.Statement[0]).toMatchObject({
      Principal: { AWS: 'arn:aws:iam::123456789012:root' },
      Action: 'kms:*',
    })
  })
})
