import { describe, expect, it } from 'vitest'
import { rendered, unhashed } from './rendered.ts'
import { templateWith } from './synthesized.ts'

interface Statement {
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: unknown
}

const template = templateWith()
const TOKENS =
  'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:OnePasswordSource/source/*'

/** Every pair of action and resource that the role is allowed, and nothing else about it. */
function allowedTo(role: string, deployed = template): string[] {
  const policies = Object.values(deployed.findResources('AWS::IAM::Policy'))
    .map(
      policy =>
        rendered(policy['Properties']) as { Roles: string[]; PolicyDocument: { Statement: Statement[] } },
    )
    .filter(policy => policy.Roles.includes(`<${role}>`))
  return policies
    .flatMap(policy => policy.PolicyDocument.Statement)
    .flatMap(({ Effect, Action, Resource, Condition }) => {
      expect(Effect).toBe('Allow')
      const only = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`
      return [Action]
        .flat()
        .flatMap(action => [Resource].flat().map(resource => `${action} ${resource}${only}`))
    })
    .sort()
}

const logs = (name: string) => [
  `logs:CreateLogStream <${name}Logs.Arn>`,
  `logs:PutLogEvents <${name}Logs.Arn>`,
]

describe('what each function may do', () => {
  it('dispatch may read all tasks, put events, delete what belongs to a source, keep how far ticks came, and send dead letters', () => {
    expect(allowedTo('DispatchRole')).toEqual([
      'dynamodb:BatchGetItem <RegistryTable.Arn>',
      'dynamodb:DeleteItem <RegistryTable.Arn>',
      'dynamodb:DeleteItem <TasksTable.Arn>',
      'dynamodb:GetItem <RegistryTable.Arn>',
      'dynamodb:GetItem <TasksTable.Arn>',
      'dynamodb:PutItem <HealthEventsTable.Arn>',
      'dynamodb:PutItem <RegistryTable.Arn> if {"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["TICKS"]}}',
      'dynamodb:PutItem <TasksTable.Arn>',
      'dynamodb:Query <TasksTable.Arn>',
      'dynamodb:Scan <TasksTable.Arn>',
      'dynamodb:UpdateItem <TasksTable.Arn>',
      'events:PutEvents <Bus.Arn>',
      ...logs('Dispatch'),
      `secretsmanager:DeleteSecret ${TOKENS}`,
      'sqs:SendMessage <DeadLetters.Arn>',
    ])
  })

  it('collect may read and write its task, write objects and events, and read source and token', () => {
    expect(allowedTo('CollectRole')).toEqual([
      'dynamodb:BatchGetItem <RegistryTable.Arn>',
      'dynamodb:GetItem <RegistryTable.Arn>',
      'dynamodb:GetItem <TasksTable.Arn>',
      'dynamodb:PutItem <HealthEventsTable.Arn>',
      'dynamodb:UpdateItem <TasksTable.Arn>',
      'events:PutEvents <Bus.Arn>',
      ...logs('Collect'),
      's3:GetObject <Lake.Arn>/cursors/*',
      's3:GetObject <Lake.Arn>/events/*',
      's3:GetObject <Lake.Arn>/walks/*',
      's3:ListBucket <Lake.Arn>',
      's3:PutObject <Lake.Arn>/cursors/*',
      's3:PutObject <Lake.Arn>/events/*',
      's3:PutObject <Lake.Arn>/unreadable/*',
      's3:PutObject <Lake.Arn>/walks/*',
      `secretsmanager:GetSecretValue ${TOKENS}`,
    ])
  })

  it('admin may create tokens and not read them', () => {
    expect(allowedTo('AdminRole')).toEqual([
      'dynamodb:BatchGetItem <RegistryTable.Arn>',
      'dynamodb:DeleteItem <RegistryTable.Arn>',
      'dynamodb:GetItem <RegistryTable.Arn>',
      'dynamodb:PutItem <RegistryTable.Arn>',
      'dynamodb:PutItem <TasksTable.Arn>',
      'dynamodb:Query <HealthEventsTable.Arn>',
      'dynamodb:Query <RegistryTable.Arn>',
      'dynamodb:Query <TasksTable.Arn>',
      'dynamodb:Scan <RegistryTable.Arn>',
      'dynamodb:Scan <TasksTable.Arn>',
      'dynamodb:UpdateItem <RegistryTable.Arn>',
      'dynamodb:UpdateItem <TasksTable.Arn>',
      'events:PutEvents <Bus.Arn>',
      ...logs('Admin'),
      `secretsmanager:CreateSecret ${TOKENS}`,
      'secretsmanager:GetSecretValue <AccessKey>',
      `secretsmanager:ListSecretVersionIds ${TOKENS}`,
      `secretsmanager:PutSecretValue ${TOKENS}`,
      `secretsmanager:RestoreSecret ${TOKENS}`,
      `secretsmanager:UpdateSecretVersionStage ${TOKENS}`,
    ])
  })

  it('with a destination beside the lake, collect may read its secret, and admin create and delete it', () => {
    const secrets = TOKENS.replace('/source/', '/destination/')
    const more = templateWith({ destinations: 'sumologic' })
    const added = (role: string): string[] => {
      const before = allowedTo(role)
      return allowedTo(role, more).filter(each => !before.includes(each))
    }
    expect(added('CollectRole')).toEqual([`secretsmanager:GetSecretValue ${secrets}`])
    expect(added('AdminRole')).toEqual([
      `secretsmanager:CreateSecret ${secrets}`,
      `secretsmanager:DeleteSecret ${secrets}`,
    ])
    expect(added('DispatchRole')).toEqual([])
  })

  it('let the state machine invoke collect, but no version of it, and deliver its logs', () => {
    const delivery = allowedTo('RetryMachineRole').filter(each => each.startsWith('logs:'))
    expect(delivery).toHaveLength(8)
    expect(delivery.every(each => /^logs:\w*(?:LogDeliver|ResourcePolic|LogGroups)\w* \*$/.test(each))).toBe(
      true,
    )
    expect(allowedTo('RetryMachineRole')).toEqual([
      'lambda:InvokeFunction <CollectFunction.Arn>',
      ...delivery,
    ])
  })

  it('let the rule of episodes start the state machine', () => {
    expect(allowedTo('RetryMachineEventsRole')).toEqual(['states:StartExecution <RetryMachine>'])
  })

  it('let the rule of health mails publish to the topic', () => {
    expect(allowedTo('HealthToldRole')).toEqual(['sns:Publish <AlarmsTopic>'])
  })

  it('belong to these six roles, each for its own service, without managed policies', () => {
    const roles = Object.entries(template.findResources('AWS::IAM::Role')).map(([id, role]) => [
      unhashed(id),
      rendered(role['Properties']),
    ])
    const assumedBy = (Service: string, Condition?: object) => ({
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service },
            ...(Condition && { Condition }),
          },
        ],
      },
    })
    const lambda = assumedBy('lambda.amazonaws.com')
    const rule = assumedBy('events.amazonaws.com', {
      ArnLike: {
        'aws:SourceArn': 'arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:rule/<Bus>/*',
      },
      StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' },
    })
    expect(Object.fromEntries(roles)).toEqual({
      DispatchRole: lambda,
      CollectRole: lambda,
      AdminRole: lambda,
      RetryMachineEventsRole: rule,
      HealthToldRole: rule,
      RetryMachineRole: assumedBy('states.amazonaws.com', {
        ArnLike: {
          'aws:SourceArn': 'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:*',
        },
        StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' },
      }),
    })
  })

  it('cover only token secrets that are named after the stack', () => {
    const other = JSON.stringify(templateWith({ stackName: 'Other' }).findResources('AWS::IAM::Policy'))
    expect(other).toContain(':secret:Other/source/*')
    expect(other).not.toContain('OnePasswordSource/source')
  })
})

it('lets only rules invoke dispatch and collect, each rule its own function', () => {
  const permissions = Object.values(template.findResources('AWS::Lambda::Permission')).map(permission =>
    rendered(permission['Properties']),
  )
  const byRule = (name: string, rule: string) => ({
    Action: 'lambda:InvokeFunction',
    FunctionName: `<${name}Function.Arn>`,
    Principal: 'events.amazonaws.com',
    SourceArn: `<${rule}.Arn>`,
  })
  expect(permissions).toContainEqual(byRule('Dispatch', 'DispatchTick'))
  expect(permissions).toContainEqual(byRule('Dispatch', 'DispatchSegments'))
  expect(permissions).toContainEqual(byRule('Dispatch', 'DispatchStopping'))
  expect(permissions).toContainEqual(byRule('Dispatch', 'DispatchDeadRun'))
  expect(permissions).toContainEqual(byRule('Collect', 'CollectDue'))
  expect(permissions).toHaveLength(7)
})
