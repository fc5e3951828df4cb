import { readStatements } from '../iam/policy-document.ts'
import type {
  BucketResource,
  PolicyStatement,
  QueueResource,
  SecretResource,
  TableResource,
} from './model.ts'
import type { Problems } from './problems.ts'
import { toList, toNumber, toText, valueAt, withoutUndefined } from './properties.ts'
import { findByType, propertiesPlace, type Resource, toDataName } from './resolved-template.ts'

export const readTables = (resources: readonly Resource[]): TableResource[] =>
  findByType(resources, 'AWS::DynamoDB::GlobalTable').map(({ logicalId, name, arn, properties }) =>
    withoutUndefined({
      logicalId,
      name,
      arn,
      keySchema: toList(properties['KeySchema']) as TableResource['keySchema'],
      attributeDefinitions: toList(
        properties['AttributeDefinitions'],
      ) as TableResource['attributeDefinitions'],
      // There is one region, so there is one replica.
      keyArn: toText(valueAt(toList(properties['Replicas'])[0], 'SSESpecification.KMSMasterKeyId')),
    }),
  )

export const readBuckets = (resources: readonly Resource[], problems: Problems): BucketResource[] =>
  findByType(resources, 'AWS::S3::Bucket').map(({ logicalId, name, arn, constructPath, properties }) =>
    withoutUndefined({
      logicalId,
      name,
      arn,
      folder: toDataName({ constructPath, logicalId }),
      policy: readStatementsAbout(
        resources,
        'AWS::S3::BucketPolicy',
        policy => policy.properties['Bucket'] === name,
        problems,
      ),
      keyArn: findBucketKey(properties),
    }),
  )

function findBucketKey(properties: Resource['properties']): string | undefined {
  const [rule] = toList(valueAt(properties, 'BucketEncryption.ServerSideEncryptionConfiguration'))
  return toText(valueAt(rule, 'ServerSideEncryptionByDefault.KMSMasterKeyID'))
}

export const readQueues = (resources: readonly Resource[], problems: Problems): QueueResource[] =>
  findByType(resources, 'AWS::SQS::Queue').map(({ logicalId, name, arn, ref, properties }) =>
    withoutUndefined({
      logicalId,
      name,
      arn,
      policy: readStatementsAbout(
        resources,
        'AWS::SQS::QueuePolicy',
        policy => toList(policy.properties['Queues']).includes(ref),
        problems,
      ),
      keyArn: toText(properties['KmsMasterKeyId']),
    }),
  )

/** Reads the statements of all policies of a type that are about one resource. */
export function readStatementsAbout(
  resources: readonly Resource[],
  type: string,
  isAbout: (policy: Resource) => boolean,
  problems: Problems,
): PolicyStatement[] {
  return findByType(resources, type)
    .filter(isAbout)
    .flatMap(policy => {
      const place = { ...propertiesPlace(policy), path: 'Properties.PolicyDocument' }
      return readStatements(policy.properties['PolicyDocument'], place, problems)
    })
}

export const readSecrets = (resources: readonly Resource[]): SecretResource[] =>
  findByType(resources, 'AWS::SecretsManager::Secret').map(
    ({ logicalId, name, arn, properties }) =>
      withoutUndefined({
        logicalId,
        name,
        arn,
        keyArn: toText(properties['KmsKeyId']),
        generate: properties['GenerateSecretString'] && readGenerate(properties['GenerateSecretString']),
      } as const) as SecretResource,
  )

/** By default Secrets Manager generates 32 characters, with punctuation. */
const readGenerate = (generate: unknown): SecretResource['generate'] =>
  withoutUndefined({
    template: toText(valueAt(generate, 'SecretStringTemplate')),
    key: toText(valueAt(generate, 'GenerateStringKey')),
    length: toNumber(valueAt(generate, 'PasswordLength')) ?? 32,
    excludePunctuation: toText(valueAt(generate, 'ExcludePunctuation')) === 'true',
  })
