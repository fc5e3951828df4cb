import { Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { expect, it } from 'vitest'
import { stackWith } from './synthesized.ts'

const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1a2b3c4d-0000-4444-8888-121212121212'

it.each([{ adminAuth: 'basic' }, { adminAuth: 'iam' }, { kmsKeyArn: KEY }])(
  'passes cdk-nag AwsSolutions and the rules of CloudFormation (%o)',
  context => {
    const { app } = stackWith(context, { validated: true })
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
    expect(() => app.synth()).not.toThrow()
  },
)

it('accepts exactly these findings, each with a reason', () => {
  const acknowledged = stackWith()
    .app.node.findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>))
  expect(acknowledged.map(([id]) => id.replace('Annotation::', '')).sort()).toEqual([
    'AwsSolutions-IAM5[Resource::*]',
    'AwsSolutions-IAM5[Resource::<Lake5F1B88EA.Arn>/cursors/*]',
    'AwsSolutions-IAM5[Resource::<Lake5F1B88EA.Arn>/events/*]',
    'AwsSolutions-IAM5[Resource::<Lake5F1B88EA.Arn>/unreadable/*]',
    'AwsSolutions-IAM5[Resource::<Lake5F1B88EA.Arn>/walks/*]',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:OnePasswordSource/source/*]',
    'AwsSolutions-S1',
    'AwsSolutions-SF2',
    'AwsSolutions-SMG4',
    'AwsSolutions-SQS3',
  ])
  for (const [, reason] of acknowledged) expect(reason.split(' ').length).toBeGreaterThan(10)
})
