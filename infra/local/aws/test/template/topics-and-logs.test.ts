import { expect, test } from 'vitest'
import { readDeployment } from '../../template/deployment.ts'
import { writeAssembly } from '../support/assembly-on-disk.ts'

const findUrl = () => 'http://127.0.0.1:1/'

const LOGS = {
  Type: 'AWS::Logs::LogGroup',
  Properties: { RetentionInDays: 30 },
  Metadata: { 'aws:cdk:path': 'Stack/Health/Logs/Resource' },
}

const logsPolicy = (PolicyDocument: unknown) => ({
  Type: 'AWS::Logs::ResourcePolicy',
  Properties: { PolicyName: 'p', PolicyDocument },
})

const statement = (Action: string, Resource: unknown) => ({
  Effect: 'Allow',
  Action,
  Resource,
  Principal: { Service: 'events.amazonaws.com' },
})

test('reads topics and log groups with what their policies allow', async () => {
  const document = [
    '{"Statement":[{"Effect":"Allow","Action":"logs:PutLogEvents","Principal":{"Service":"events.amazonaws.com"},"Resource":"',
    { 'Fn::GetAtt': ['Logs', 'Arn'] },
    '"}]}',
  ]
  const assemblyFolder = await writeAssembly({
    Logs: LOGS,
    LogsPolicy: logsPolicy({ 'Fn::Join': ['', document] }),
    Topic: { Type: 'AWS::SNS::Topic' },
    TopicPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: {
        Topics: [{ Ref: 'Topic' }],
        PolicyDocument: { Statement: [statement('sns:Publish', { Ref: 'Topic' })] },
      },
    },
  })
  const { topics, logGroups } = readDeployment({ assemblyFolder, findUrl })
  const [topic] = topics
  expect(topics).toHaveLength(1)
  expect(topic?.policy).toMatchObject([{ actions: ['sns:publish'], resources: [topic?.arn] }])
  expect(logGroups).toMatchObject([
    { file: 'health', policy: [{ actions: ['logs:putlogevents'], resources: [logGroups[0]?.arn] }] },
  ])
})

test('refuses a policy of log groups that is no JSON, and one of a topic elsewhere', async () => {
  const assemblyFolder = await writeAssembly({
    Logs: LOGS,
    LogsPolicy: logsPolicy('{'),
    TopicPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: { Topics: ['elsewhere'], PolicyDocument: { Statement: [] } },
    },
  })
  const read = () => readDeployment({ assemblyFolder, findUrl })
  expect(read).toThrow('LogsPolicy (AWS::Logs::ResourcePolicy) Properties.PolicyDocument: is no JSON text')
  expect(read).toThrow('elsewhere is no AWS::SNS::Topic of this template')
})
