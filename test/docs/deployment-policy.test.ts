import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { evaluate, gatherProblems, readStatements } from 'aws-emulator'
import { describe, expect, it } from 'vitest'
import { templateWith } from '../infra/synthesized.ts'
import { createNames, HERE, KEPT, KINDS, type Resources } from './deployed-names.ts'

const TEXT = readFileSync(join(import.meta.dirname, '../../docs/deployment-policy.json'), 'utf8')
/**
 * What CloudFormation does for a resource: to make, read, change, tag and delete it, as its registry's handlers list
 * it.
 */
const ACTIONS: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::GlobalTable':
    'dynamodb:CreateTable dynamodb:DescribeTable dynamodb:UpdateTable dynamodb:UpdateContinuousBackups ' +
    'dynamodb:UpdateTimeToLive dynamodb:DeleteTable',
  'AWS::S3::Bucket':
    's3:CreateBucket s3:PutEncryptionConfiguration s3:PutLifecycleConfiguration s3:PutBucketPublicAccessBlock ' +
    's3:ListBucket s3:TagResource s3:UntagResource s3:DeleteBucket',
  'AWS::S3::BucketPolicy': 's3:PutBucketPolicy s3:GetBucketPolicy s3:DeleteBucketPolicy',
  'AWS::SecretsManager::Secret':
    'secretsmanager:CreateSecret secretsmanager:UpdateSecret secretsmanager:DeleteSecret',
  'AWS::Events::EventBus':
    'events:CreateEventBus events:UpdateEventBus events:DescribeEventBus events:DeleteEventBus',
  'AWS::Events::Rule':
    'events:PutRule events:PutTargets events:DescribeRule events:ListTargetsByRule events:ListTagsForResource ' +
    'events:RemoveTargets events:DeleteRule',
  'AWS::SQS::Queue': 'sqs:CreateQueue sqs:GetQueueAttributes sqs:SetQueueAttributes sqs:DeleteQueue',
  'AWS::SQS::QueuePolicy': 'sqs:SetQueueAttributes',
  'AWS::Logs::LogGroup':
    'logs:CreateLogGroup logs:PutRetentionPolicy logs:DeleteRetentionPolicy logs:AssociateKmsKey logs:DescribeLogGroups ' +
    'logs:DescribeIndexPolicies logs:GetDataProtectionPolicy logs:ListTagsForResource logs:TagResource logs:DeleteLogGroup',
  'AWS::Logs::ResourcePolicy':
    'logs:PutResourcePolicy logs:DescribeResourcePolicies logs:DeleteResourcePolicy',
  'AWS::IAM::Role':
    'iam:CreateRole iam:GetRole iam:UpdateRole iam:UpdateAssumeRolePolicy iam:ListRoleTags iam:TagRole iam:DeleteRole',
  'AWS::IAM::Policy': 'iam:PutRolePolicy iam:GetRolePolicy iam:DeleteRolePolicy',
  'AWS::Lambda::Function':
    'lambda:CreateFunction lambda:GetFunction lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration ' +
    'lambda:PutFunctionConcurrency lambda:DeleteFunctionConcurrency lambda:DeleteFunction',
  'AWS::Lambda::EventInvokeConfig':
    'lambda:PutFunctionEventInvokeConfig lambda:UpdateFunctionEventInvokeConfig lambda:DeleteFunctionEventInvokeConfig',
  'AWS::Lambda::Permission': 'lambda:AddPermission lambda:RemovePermission',
  'AWS::Lambda::Url':
    'lambda:CreateFunctionUrlConfig lambda:GetFunctionUrlConfig lambda:UpdateFunctionUrlConfig lambda:DeleteFunctionUrlConfig',
  'AWS::SNS::Topic':
    'sns:CreateTopic sns:GetTopicAttributes sns:GetDataProtectionPolicy sns:ListSubscriptionsByTopic ' +
    'sns:ListTagsForResource sns:SetTopicAttributes sns:DeleteTopic',
  'AWS::SNS::TopicPolicy': 'sns:SetTopicAttributes',
  'AWS::SNS::Subscription': 'sns:Subscribe sns:GetSubscriptionAttributes sns:Unsubscribe',
  'AWS::CloudWatch::Alarm': 'cloudwatch:PutMetricAlarm cloudwatch:DeleteAlarms',
  'AWS::CloudWatch::Dashboard': 'cloudwatch:PutDashboard cloudwatch:GetDashboard cloudwatch:DeleteDashboards',
  'AWS::Glue::Database':
    'glue:CreateDatabase glue:GetDatabase glue:UpdateDatabase glue:DeleteDatabase lakeformation:GetDataLakeSettings ' +
    'lakeformation:DescribeResource lakeformation:ListPermissions',
  'AWS::Glue::Table': 'glue:CreateTable glue:GetTable glue:UpdateTable glue:DeleteTable',
  'AWS::StepFunctions::StateMachine':
    'states:CreateStateMachine states:DescribeStateMachine states:UpdateStateMachine states:DeleteStateMachine',
}

/** A policy of CloudWatch Logs is the account's: no ARN tells it from others. */
const WITHOUT_ARN = ['AWS::Logs::ResourcePolicy']

/** Makes the policy as the guide says for a stack of another name. */
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
const SETTINGS = [
  {},
  { adminAuth: 'iam', alarmAddress: 'security@example.com' },
  { kmsKeyArn: KEY, reservedConcurrency: 5, adminConcurrency: 3, removalPolicy: 'destroy' },
]

const createTemplates = (stackName: string): Resources[] =>
  SETTINGS.map(settings => templateWith({ stackName, ...settings }).toJSON()['Resources'])

const templates = createTemplates('OnePasswordSource')

const names = createNames('OnePasswordSource', templates[1] ?? {})

/** ARN of the only resource whose logical id begins so. */
function findArn(beginning: string): string {
  const [id = '', ...others] = Object.keys(templates[1] ?? {}).filter(each =>
    new RegExp(`^${beginning}[0-9A-F]{8}$`).test(each),
  )
  expect(others).toEqual([])
  return names.arns(id)?.[0] ?? ''
}

/** What the policy does not let CloudFormation do, of all that deploying these resources takes. */
const lackingFor = (policy: string, stack: string, resources: Resources): string[] =>
  Object.entries(resources).flatMap(([id, { Type }]) => {
    const arns = WITHOUT_ARN.includes(Type) ? ['*'] : createNames(stack, resources).arns(id)
    const actions = ACTIONS[Type]?.split(' ')
    if (!arns?.length || !actions) return [`nothing is known of ${Type}`]
    return arns.flatMap(arn =>
      actions.filter(action => !allows(policy, action, arn)).map(action => `${action} on ${arn}`),
    )
  })

describe('the deployment policy', () => {
  it.each(['OnePasswordSource', 'EventsTest'])(
    'lets CloudFormation create, change and delete every resource of the stack %s',
    stack => {
      const lacking = createTemplates(stack).flatMap(each => lackingFor(policyFor(stack), stack, each))
      expect([...new Set(lacking)]).toEqual([])
    },
  )

  it.each(['NineteenCharacters1', 'TwentyCharactersLong'])(
    'allows all of it up to the longest name that a stack may have: %s',
    stack => {
      const lacking = createTemplates(stack).flatMap(each => lackingFor(policyFor(stack), stack, each))
      expect([...new Set(lacking)]).toEqual([])
    },
  )

  it('would not allow the roles of a stack with a longer name, which the settings refuse', () => {
    const stack = 'TwentyOneCharactersXL'
    expect(stack).toHaveLength(KEPT + 1)
    expect(() => templateWith({ stackName: stack })).toThrow(/stackName must be/)
    const lacking = lackingFor(policyFor(stack), stack, templates[0] ?? {})
    expect(lacking.filter(each => each.startsWith('iam:CreateRole '))).not.toEqual([])
  })

  it('uses the names in the template, for every resource type that has names', () => {
    expect(findArn('RetryLogs')).toMatch(/log-group:\/aws\/vendedlogs\/states\/OnePasswordSource-Retry$/)
    const elsewhere = { ...templates[0] }
    for (const [id, resource] of Object.entries(elsewhere)) {
      const [property = '', below] = KINDS[resource.Type]?.named.split('.') ?? []
      const named = below === undefined ? 'Elsewhere' : { [below]: 'Elsewhere' }
      if (property) elsewhere[id] = { ...resource, Properties: { ...resource.Properties, [property]: named } }
    }
    const lacking = lackingFor(TEXT, 'OnePasswordSource', elsewhere).map(each => each.split(':')[0])
    const services = Object.keys(ACTIONS).map(type => ACTIONS[type]?.split(':')[0])
    expect(new Set(lacking)).toEqual(new Set(services))
  })

  it('covers every property that gives a name', () => {
    const references = ['EventBusName', 'FunctionName', 'DatabaseName', 'PolicyName', 'MetricName']
    const unknown = templates.flatMap(resources =>
      Object.values(resources).flatMap(({ Type, Properties = {} }) =>
        Object.keys(Properties).filter(
          property =>
            /(?:^|[a-z])Name$/.test(property) &&
            KINDS[Type]?.named !== property &&
            !references.includes(property),
        ),
      ),
    )
    expect(unknown).toEqual([])
  })

  it('lets CloudFormation read the bundles and pass roles to the functions, and to nothing else', () => {
    expect(
      allows(TEXT, 's3:GetObject', 'arn:aws:s3:::cdk-hnb659fds-assets-123456789012-eu-central-1/1a2b.zip'),
    ).toBe(true)
    const role = findArn('CollectRole')
    const passing = (service: string) =>
      allows(TEXT, 'iam:PassRole', role, { 'iam:passedtoservice': service })
    expect(passing('lambda.amazonaws.com')).toBe(true)
    expect(passing('ec2.amazonaws.com')).toBe(false)
  })

  it('lets CloudFormation put tables and secrets under a key, through these services only', () => {
    const using = (action: string, via: string) =>
      allows(TEXT, action, KEY, { 'kms:viaservice': `${via}.eu-central-1.amazonaws.com` })
    expect(using('kms:CreateGrant', 'dynamodb')).toBe(true)
    expect(using('kms:GenerateDataKey', 'secretsmanager')).toBe(true)
    expect(using('kms:Decrypt', 's3')).toBe(false)
    expect(allows(TEXT, 'kms:Decrypt', KEY)).toBe(false)
  })

  it.each([
    ['dynamodb:DeleteTable', `arn:aws:dynamodb:${HERE}:table/Payroll-Table-1A2B3C`],
    ['dynamodb:GetItem', findArn('RegistryTable')],
    ['s3:GetObject', `${findArn('Lake')}/events/1.ndjson`],
    ['s3:DeleteBucket', 'arn:aws:s3:::payroll'],
    [
      'secretsmanager:GetSecretValue',
      `arn:aws:secretsmanager:${HERE}:secret:OnePasswordSource/source/1-xYz123`,
    ],
    ['lambda:InvokeFunction', findArn('AdminFunction')],
    ['iam:CreateRole', 'arn:aws:iam::123456789012:role/Admin-Role-1A2B3C'],
    ['iam:AttachRolePolicy', findArn('CollectRole')],
    ['iam:CreateUser', 'arn:aws:iam::123456789012:user/OnePasswordSource-User'],
    ['kms:ScheduleKeyDeletion', KEY],
    ['kms:PutKeyPolicy', KEY],
  ])('does not let CloudFormation %s on %s', (action, resource) => {
    expect(allows(TEXT, action, resource)).toBe(false)
  })

  it('names single actions, never a whole service', () => {
    const actions = JSON.parse(TEXT).Statement.flatMap(({ Action }: { Action: string | string[] }) => Action)
    for (const action of actions) expect(action).toMatch(/^[a-z0-9-]+:[A-Z][A-Za-z]+\*?$/)
  })

  it('fits into a managed policy', () => {
    expect(JSON.stringify(JSON.parse(TEXT)).length).toBeLessThanOrEqual(6144)
  })
})

describe('the key policy', () => {
  const policy = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/key-policy.json'), 'utf8'))

  it('allows every service that writes in its own name to resources under the key', () => {
    const writers = Object.values(templates[2] ?? {})
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
