import { describe, expect, it } from 'vitest'
import { rendered, unhashed } from './rendered.ts'
import { templateWith } from './synthesized.ts'

const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1a2b3c4d-0000-4444-8888-121212121212'
const template = templateWith({ kmsKeyArn: KEY })

interface Statement {
  readonly Action: string | readonly string[]
  readonly Resource: unknown
  readonly Condition?: unknown
}

/** Every resource that names the key, by id, with the properties that do. */
function named(): Record<string, unknown> {
  const resources = Object.entries(template.toJSON()['Resources'] as Record<string, { Properties: object }>)
  return Object.fromEntries(
    resources
      .filter(([id, resource]) => !id.includes('Policy') && JSON.stringify(resource).includes(KEY))
      .map(([id, { Properties }]) => [
        unhashed(id),
        Object.fromEntries(
          Object.entries(Properties).filter(([, value]) => JSON.stringify(value).includes(KEY)),
        ),
      ]),
  )
}

/** Services that a role may have use the key, and what for. */
function keyUses(role: string): Record<string, readonly string[]> {
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).map(
    policy =>
      rendered(policy['Properties']) as { Roles: string[]; PolicyDocument: { Statement: Statement[] } },
  )
  const uses = policies
    .filter(({ Roles }) => Roles.includes(`<${role}>`))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Action }) => JSON.stringify(Action).includes('kms:'))
    .map(({ Action, Resource, Condition }) => {
      expect(Resource).toBe(KEY)
      const { StringEquals } = Condition as { StringEquals: Record<string, string> }
      expect(Object.keys(Condition as object)).toEqual(['StringEquals'])
      expect(Object.keys(StringEquals)).toEqual(['kms:ViaService'])
      return [StringEquals['kms:ViaService'] ?? '', [Action].flat()] as const
    })
  return Object.fromEntries(uses)
}

const via = (service: string) => `${service}.<AWS::Region>.<AWS::URLSuffix>`

const TABLES = {
  [via('dynamodb')]: [
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
}

describe('a key of the user’s own', () => {
  it('encrypts everything that is stored', () => {
    const table = { Replicas: [expect.objectContaining({ SSESpecification: { KMSMasterKeyId: KEY } })] }
    const log = { KmsKeyId: KEY }
    expect(named()).toEqual({
      TasksTable: table,
      RegistryTable: table,
      HealthEventsTable: table,
      Lake: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY },
            },
          ],
        },
      },
      AccessKey: { KmsKeyId: KEY },
      DeadLetters: { KmsMasterKeyId: KEY },
      AlarmsTopic: { KmsMasterKeyId: KEY },
      DispatchLogs: log,
      CollectLogs: log,
      AdminLogs: log,
      RetryLogs: log,
      HealthLogs: log,
      AdminFunction: { Environment: expect.anything() },
    })
    template.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    })
  })

  it('encrypts every resource of these types', () => {
    const types = [
      'AWS::DynamoDB::GlobalTable',
      'AWS::S3::Bucket',
      'AWS::SecretsManager::Secret',
      'AWS::SQS::Queue',
      'AWS::SNS::Topic',
      'AWS::Logs::LogGroup',
    ]
    const ids = types.flatMap(type => Object.keys(template.findResources(type)))
    expect(ids.map(unhashed).filter(id => !(id in named()))).toEqual([])
  })

  it('is known to admin, which creates the secrets of tokens, and to no other function', () => {
    const told = Object.entries(template.findResources('AWS::Lambda::Function'))
      .filter(([, resource]) => JSON.stringify(resource).includes(KEY))
      .map(([id, { Properties }]) => [unhashed(id), Properties.Environment.Variables.TOKEN_KMS_KEY_ARN])
    expect(told).toEqual([['AdminFunction', KEY]])
  })

  it('may be used by each function only through the services that the function calls', () => {
    expect(keyUses('DispatchRole')).toEqual({
      ...TABLES,
      [via('sqs')]: ['kms:Decrypt', 'kms:GenerateDataKey'],
    })
    expect(keyUses('CollectRole')).toEqual({
      ...TABLES,
      [via('s3')]: ['kms:Decrypt', 'kms:GenerateDataKey'],
      [via('secretsmanager')]: ['kms:Decrypt'],
    })
    expect(keyUses('AdminRole')).toEqual({
      ...TABLES,
      [via('secretsmanager')]: ['kms:Decrypt', 'kms:GenerateDataKey'],
    })
  })

  it('is used through the topic by the rule for health mails', () => {
    expect(keyUses('HealthToldRole')).toEqual({ [via('sns')]: ['kms:Decrypt', 'kms:GenerateDataKey'] })
  })

  it('changes no logical id, so that it can be added to a stack with data', () => {
    expect(Object.keys(template.toJSON()['Resources'])).toEqual(
      Object.keys(templateWith().toJSON()['Resources']),
    )
  })
})

it('without the setting the template does not mention KMS', () => {
  expect(JSON.stringify(templateWith().toJSON())).not.toMatch(/kms/i)
})
