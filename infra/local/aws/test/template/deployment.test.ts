import path from 'node:path'
import { expect, test } from 'vitest'
import { readDeployment } from '../../template/deployment.ts'
import { writeAssembly } from '../support/assembly-on-disk.ts'

const findUrl = (logicalId: string) => `http://127.0.0.1:1/${logicalId}/`

const trust = {
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
}

const ROLE = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } }

const FUNCTION = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { S3Bucket: { Ref: 'AWS::AccountId' }, S3Key: 'code.zip' },
    Handler: 'index.handler',
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    Runtime: 'nodejs24.x',
    Timeout: '240',
    Environment: { Variables: { TABLE: { Ref: 'Table' }, SIZE: 1000 } },
  },
}

const TABLE = {
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
}

const policy = (...statements: object[]) => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyName: 'p', Roles: [{ Ref: 'Role' }], PolicyDocument: { Statement: statements } },
})

test('reads a function with its role, grants, permissions, limits and address', async () => {
  const assemblyFolder = await writeAssembly(
    {
      Table: TABLE,
      Role: ROLE,
      Policy: policy({
        Effect: 'Allow',
        Action: 'dynamodb:GetItem',
        Resource: { 'Fn::GetAtt': ['Table', 'Arn'] },
      }),
      Queue: { Type: 'AWS::SQS::Queue' },
      Function: FUNCTION,
      Config: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: 'Function' },
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 0,
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Queue', 'Arn'] } } },
        },
      },
      Url: {
        Type: 'AWS::Lambda::Url',
        Properties: { AuthType: 'NONE', TargetFunctionArn: { 'Fn::GetAtt': ['Function', 'Arn'] } },
      },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunctionUrl',
          FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] },
          FunctionUrlAuthType: 'NONE',
          Principal: '*',
        },
      },
    },
    { Outputs: { Address: { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } } } },
  )

  const deployment = readDeployment({ assemblyFolder, findUrl })

  expect(deployment.functions).toEqual([
    {
      logicalId: 'Function',
      name: 'Stack-Function',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:Stack-Function',
      roleArn: 'arn:aws:iam::000000000000:role/Stack-Role',
      handler: 'index.handler',
      codeFolder: path.join(assemblyFolder, 'asset.code'),
      environment: { TABLE: 'Stack-Table', SIZE: '1000' },
      timeoutMs: 240_000,
      memoryMb: 128,
      asynchronous: {
        retryAttempts: 0,
        maxEventAgeMs: 21_600_000,
        onFailureArn: 'arn:aws:sqs:us-east-1:000000000000:Stack-Queue',
      },
      permissions: [{ principal: '*', action: 'lambda:InvokeFunctionUrl', functionUrlAuthType: 'NONE' }],
    },
  ])
  expect(deployment.roles[0]?.statements).toEqual([
    {
      effect: 'Allow',
      actions: ['dynamodb:getitem'],
      resources: ['arn:aws:dynamodb:us-east-1:000000000000:table/Stack-Table'],
    },
  ])
  expect(deployment.outputs).toEqual({ Address: 'http://127.0.0.1:1/Url/' })
})

test('reads rules with their bus, interval, pattern and targets', async () => {
  const target = {
    Id: 'T',
    Arn: { 'Fn::GetAtt': ['Function', 'Arn'] },
    RetryPolicy: { MaximumEventAgeInSeconds: 60 },
  }
  const assemblyFolder = await writeAssembly({
    Table: TABLE,
    Role: ROLE,
    Function: FUNCTION,
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
    Tick: {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression: 'rate(5 minutes)', Targets: [target] },
    },
    Due: {
      Type: 'AWS::Events::Rule',
      Properties: { EventBusName: { Ref: 'Bus' }, EventPattern: { source: ['x'] }, State: 'DISABLED' },
    },
  })

  const { rules } = readDeployment({ assemblyFolder, findUrl })

  expect(rules).toMatchObject([
    {
      busName: 'default',
      enabled: true,
      everyMs: 300_000,
      arn: 'arn:aws:events:us-east-1:000000000000:rule/Stack-Tick',
      targets: [
        {
          id: 'T',
          arn: 'arn:aws:lambda:us-east-1:000000000000:function:Stack-Function',
          maxEventAgeMs: 60_000,
          retryAttempts: 185,
        },
      ],
    },
    {
      busName: 'bus',
      enabled: false,
      pattern: { source: ['x'] },
      arn: 'arn:aws:events:us-east-1:000000000000:rule/bus/Stack-Due',
    },
  ])
})

test('names a bucket’s folder after its construct and gives it its policy', async () => {
  const statement = { Effect: 'Deny', Action: 's3:*', Resource: '*', Principal: { AWS: '*' } }
  const assemblyFolder = await writeAssembly({
    LakeX1: { Type: 'AWS::S3::Bucket', Metadata: { 'aws:cdk:path': 'Stack/Lake/Bucket/Resource' } },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'LakeX1' }, PolicyDocument: { Statement: statement } },
    },
  })

  expect(readDeployment({ assemblyFolder, findUrl }).buckets).toEqual([
    {
      logicalId: 'LakeX1',
      name: 'stack-lakex1',
      arn: 'arn:aws:s3:::stack-lakex1',
      folder: 'lake',
      policy: [{ effect: 'Deny', actions: ['s3:*'], resources: ['*'], principals: ['*'] }],
    },
  ])
})

test('lists everything that it does not understand in one error', async () => {
  const assemblyFolder = await writeAssembly(
    {
      Role: {
        ...ROLE,
        Properties: { ...ROLE.Properties, ManagedPolicyArns: ['arn:aws:iam::aws:policy/Admin'] },
      },
      Stream: { Type: 'AWS::Kinesis::Stream' },
      Table: {
        Type: TABLE.Type,
        Properties: { ...TABLE.Properties, GlobalSecondaryIndexes: [{ IndexName: 'i' }] },
        CreationPolicy: {},
      },
      Function: {
        Type: FUNCTION.Type,
        Properties: {
          ...FUNCTION.Properties,
          Runtime: 'python3.14',
          Code: { S3Key: 'gone.zip' },
          Environment: { Variables: { A: { Ref: 'Gone' }, B: { 'Fn::Base64': '' } } },
        },
      },
      Policy: policy(
        { Effect: 'Allow', NotAction: 's3:*', Resource: '*' },
        {
          Effect: 'Allow',
          Action: '*',
          Resource: '*',
          Condition: { IpAddress: { 'aws:SourceIp': '1.2.3.4' } },
        },
      ),
      Tick: { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression: 'cron(0 * * * ? *)' } },
    },
    { Conditions: {} },
  )

  const read = () => readDeployment({ assemblyFolder, findUrl })

  for (const problem of [
    'Conditions (template section)',
    'Role (AWS::IAM::Role) Properties.ManagedPolicyArns[0]: arn:aws:iam::aws:policy/Admin',
    'Stream (AWS::Kinesis::Stream) Type: is a resource type not known',
    'Table (AWS::DynamoDB::GlobalTable) CreationPolicy',
    'Table (AWS::DynamoDB::GlobalTable) Properties.GlobalSecondaryIndexes[].IndexName',
    'Function (AWS::Lambda::Function) Properties.Runtime: python3.14 is not nodejs24.x',
    'Function (AWS::Lambda::Function) Properties.Code.S3Key: gone.zip is not an asset',
    'Function (AWS::Lambda::Function) Properties.Environment.Variables.A.Ref: refers to Gone',
    'Function (AWS::Lambda::Function) Properties.Environment.Variables.B.Fn::Base64',
    'Policy (AWS::IAM::Policy) Properties.PolicyDocument.Statement[0].NotAction',
    'Policy (AWS::IAM::Policy) Properties.PolicyDocument.Statement[1].Condition.IpAddress: condition operator',
    'Policy (AWS::IAM::Policy) Properties.PolicyDocument.Statement[1].Condition.IpAddress.aws:SourceIp: condition key',
    'Tick (AWS::Events::Rule) Properties.ScheduleExpression: cron(0 * * * ? *) is not a rate',
  ]) {
    expect(read).toThrow(problem)
  }
  expect(read).toThrow('cannot run this template (13 problems)')
})

test('refuses a function whose role Lambda may not assume', async () => {
  const assemblyFolder = await writeAssembly({
    Role: { ...ROLE, Properties: { AssumeRolePolicyDocument: { Statement: [] } } },
    Table: TABLE,
    Function: FUNCTION,
  })

  expect(() => readDeployment({ assemblyFolder, findUrl })).toThrow(
    'Role does not let lambda.amazonaws.com assume it',
  )
})

test('refuses a property that names something outside the template', async () => {
  const assemblyFolder = await writeAssembly({
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyName: 'p', Roles: ['elsewhere'], PolicyDocument: { Statement: [] } },
    },
    Tick: {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression: 'rate(1 hour)', Targets: [{ Id: 'T', Arn: 'arn:aws:lambda:other' }] },
    },
  })

  const read = () => readDeployment({ assemblyFolder, findUrl })

  expect(read).toThrow(
    'Policy (AWS::IAM::Policy) Properties.Roles: elsewhere is no AWS::IAM::Role of this template',
  )
  expect(read).toThrow('Tick (AWS::Events::Rule) Properties.Targets.Arn: arn:aws:lambda:other is no')
})
