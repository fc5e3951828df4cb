import { expect, it } from 'vitest'
import {
  COLLECTION_DUE,
  EPISODE_OPENED,
  EVENT_SOURCE,
  FAILED_INVOCATION,
  HEALTH_CHANGE,
  SOURCE_STOPPING,
  TICK_SEGMENT,
} from '../../shared/contract/events.ts'
import { rendered } from './rendered.ts'
import { templateWith } from './synthesized.ts'

const template = templateWith()

const findProperties = (type: string) =>
  Object.values(template.findResources(type)).map(
    resource => rendered(resource['Properties']) as Record<string, unknown>,
  )

const target = (name: string) => ({
  Arn: `<${name}Function.Arn>`,
  Id: 'Target0',
  DeadLetterConfig: { Arn: '<DeadLetters.Arn>' },
  RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 10 },
})

it('has a rule with dead letters for each: ticks, their segments, due tasks, opened episodes, dead runs, stopping sources, health events', () => {
  expect(findProperties('AWS::Events::Rule')).toEqual([
    expect.objectContaining({
      ScheduleExpression: 'rate(5 minutes)',
      State: 'ENABLED',
      Targets: [target('Dispatch')],
    }),
    expect.objectContaining({
      EventBusName: '<Bus>',
      EventPattern: { source: [EVENT_SOURCE], 'detail-type': [TICK_SEGMENT] },
      State: 'ENABLED',
      Targets: [target('Dispatch')],
    }),
    expect.objectContaining({
      EventBusName: '<Bus>',
      EventPattern: { source: [EVENT_SOURCE], 'detail-type': [SOURCE_STOPPING] },
      State: 'ENABLED',
      Targets: [target('Dispatch')],
    }),
    expect.objectContaining({
      EventBusName: '<Bus>',
      EventPattern: { source: ['lambda'], 'detail-type': [FAILED_INVOCATION] },
      State: 'ENABLED',
      Targets: [target('Dispatch')],
    }),
    expect.objectContaining({
      EventBusName: '<Bus>',
      EventPattern: { source: [EVENT_SOURCE], 'detail-type': [COLLECTION_DUE] },
      State: 'ENABLED',
      Targets: [target('Collect')],
    }),
    expect.objectContaining({
      EventBusName: '<Bus>',
      EventPattern: { source: [EVENT_SOURCE], 'detail-type': [EPISODE_OPENED] },
      State: 'ENABLED',
      Targets: [
        {
          ...target('Retry'),
          Arn: '<RetryMachine>',
          InputPath: '$.detail',
          RoleArn: '<RetryMachineEventsRole.Arn>',
        },
      ],
    }),
    expect.objectContaining({
      EventBusName: '<Bus>',
      EventPattern: { source: [EVENT_SOURCE], 'detail-type': [HEALTH_CHANGE] },
      State: 'ENABLED',
      Targets: [
        {
          ...target('Health'),
          Arn: 'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:<HealthLogs>',
        },
      ],
    }),
    expect.objectContaining({
      EventBusName: '<Bus>',
      EventPattern: {
        source: [EVENT_SOURCE],
        'detail-type': [HEALTH_CHANGE],
        detail: { severityLevel: ['Error'] },
      },
      State: 'ENABLED',
      Targets: [
        {
          ...target('Health'),
          Arn: '<AlarmsTopic>',
          RoleArn: '<HealthToldRole.Arn>',
          InputTransformer: { InputPathsMap: expect.any(Object), InputTemplate: expect.any(String) },
        },
      ],
    }),
  ])
})

it('lets the rule for health events write to its log, and to nothing else', () => {
  const [logs, ...others] = findProperties('AWS::Logs::ResourcePolicy') as [{ PolicyDocument: string }]
  expect(others).toEqual([])
  const statement = (Action: string, Condition: object) => ({
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action,
    Resource: '<HealthLogs.Arn>',
    Condition,
  })
  expect(JSON.parse(logs.PolicyDocument)).toEqual({
    Version: '2012-10-17',
    Statement: [
      statement('logs:CreateLogStream', {
        StringEqualsIfExists: { 'aws:SourceAccount': '<AWS::AccountId>' },
      }),
      statement('logs:PutLogEvents', { ArnEquals: { 'aws:SourceArn': '<HealthLogged.Arn>' } }),
    ],
  })
})

it('puts the tick on the default bus, where schedules are', () => {
  const tick = findProperties('AWS::Events::Rule').find(rule => 'ScheduleExpression' in rule)
  expect(tick).not.toHaveProperty('EventBusName')
})

it('sends the record of a dead run to the bus, and the record of a dead tick to the dead letters', () => {
  const destinations = findProperties('AWS::Lambda::EventInvokeConfig').map(config => [
    config['FunctionName'],
    config['DestinationConfig'],
  ])
  expect(Object.fromEntries(destinations)).toEqual({
    '<DispatchFunction>': { OnFailure: { Destination: '<DeadLetters.Arn>' } },
    '<CollectFunction>': { OnFailure: { Destination: '<Bus.Arn>' } },
    '<AdminFunction>': undefined,
  })
})

it('keeps dead letters of our rules for 14 days, encrypted, over TLS only', () => {
  expect(findProperties('AWS::SQS::Queue')).toEqual([
    { MessageRetentionPeriod: 14 * 24 * 3600, SqsManagedSseEnabled: true },
  ])
  const [policy] = findProperties('AWS::SQS::QueuePolicy') as [{ PolicyDocument: { Statement: unknown[] } }]
  const fromRule = (rule: string) =>
    expect.objectContaining({
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': `<${rule}.Arn>` } },
    })
  expect(policy.PolicyDocument.Statement).toEqual([
    expect.objectContaining({
      Effect: 'Deny',
      Action: 'sqs:*',
      Principal: { AWS: '*' },
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
    fromRule('DispatchTick'),
    fromRule('DispatchSegments'),
    fromRule('DispatchStopping'),
    fromRule('DispatchDeadRun'),
    fromRule('CollectDue'),
    fromRule('RetryOpened'),
    fromRule('HealthLogged'),
    fromRule('HealthTold'),
  ])
})

it('sends alarms to an address only if there is one', () => {
  template.resourceCountIs('AWS::SNS::Subscription', 0)
  templateWith({ alarmAddress: 'security@example.com' }).hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'email',
    Endpoint: 'security@example.com',
  })
})
