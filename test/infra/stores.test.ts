import { describe, expect, it } from 'vitest'
import { rendered } from './rendered.ts'
import { templateWith } from './synthesized.ts'

const template = templateWith()

describe('the tables', () => {
  const replicas = (of: typeof template) =>
    Object.values(of.findResources('AWS::DynamoDB::GlobalTable')).flatMap(
      table => table['Properties'].Replicas as Record<string, unknown>[],
    )

  it('are billed by use and have the keys that the adapters expect', () => {
    template.allResourcesProperties('AWS::DynamoDB::GlobalTable', { BillingMode: 'PAY_PER_REQUEST' })
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      KeySchema: [
        { AttributeName: 'sourceId', KeyType: 'HASH' },
        { AttributeName: 'api', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'sourceId', AttributeType: 'N' },
        { AttributeName: 'api', AttributeType: 'S' },
      ],
    })
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    })
  })

  it('delete health events at the time that the adapter writes into them', () => {
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      KeySchema: [
        { AttributeName: 'resource', KeyType: 'HASH' },
        { AttributeName: 'place', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'resource', AttributeType: 'S' },
        { AttributeName: 'place', AttributeType: 'S' },
      ],
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    })
  })

  it('can be restored to any moment, and are protected from deletion if they must be kept', () => {
    const restorable = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }
    const kept = { ...restorable, DeletionProtectionEnabled: true }
    expect(replicas(template)).toMatchObject([kept, kept, kept])
    const given = { ...restorable, DeletionProtectionEnabled: false }
    expect(replicas(templateWith({ removalPolicy: 'destroy' }))).toMatchObject([given, given, given])
  })
})

describe('the lake', () => {
  it('is encrypted, closed to the public and accepts TLS only', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    })
    const [policy] = Object.values(template.findResources('AWS::S3::BucketPolicy'))
    expect(rendered(policy?.['Properties'])).toEqual({
      Bucket: '<Lake>',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Resource: ['<Lake.Arn>', '<Lake.Arn>/*'],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    })
  })

  it('keeps events for ever, or for the time of the setting, and walks along the ledger for 30 days', () => {
    const rules = (of: typeof template) =>
      Object.values(of.findResources('AWS::S3::Bucket'))[0]?.['Properties'].LifecycleConfiguration.Rules
    const abandoned = { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }
    const walks = { Status: 'Enabled', Prefix: 'walks/', ExpirationInDays: 30 }
    expect(rules(template)).toEqual([abandoned, walks])
    expect(rules(templateWith({ lakeRetentionDays: '400' }))).toEqual([
      { ...abandoned, ExpirationInDays: 400 },
      walks,
    ])
  })
})

it('creates an access key of at least 256 bits, with an id that belongs to the stack', () => {
  const [secret] = Object.values(template.findResources('AWS::SecretsManager::Secret'))
  const generated = secret?.['Properties'].GenerateSecretString
  expect(generated).toMatchObject({ GenerateStringKey: 'accessKey', ExcludePunctuation: true })
  expect(generated.PasswordLength * Math.log2(62)).toBeGreaterThanOrEqual(256)
  const uuid = { 'Fn::Select': [2, { 'Fn::Split': ['/', '<AWS::StackId>'] }] }
  const [before, digits, after] = generated.SecretStringTemplate['Fn::Join'][1]
  expect(rendered(digits)).toEqual({ 'Fn::Select': [0, { 'Fn::Split': ['-', uuid] }] })
  expect(JSON.parse(`${before}51af3dc0${after}`)).toEqual({ accessId: 'op51af3dc0' })
})

it('has outputs that say where everything is, and no exports', () => {
  const outputs = template.findOutputs('*')
  expect(Object.fromEntries(Object.entries(outputs).map(([id, { Value }]) => [id, rendered(Value)]))).toEqual(
    {
      AdminUrl: '<AdminFunctionFunctionUrl.FunctionUrl>',
      AccessKeySecretArn: '<AccessKey>',
      LakeBucketName: '<Lake>',
      GlueDatabaseName: '<CatalogDatabase>',
      GlueTableName: '<CatalogEvents>',
      BusName: '<Bus>',
      RetryStateMachineArn: '<RetryMachine>',
    },
  )
  for (const output of Object.values(outputs)) expect(output).not.toHaveProperty('Export')
})
