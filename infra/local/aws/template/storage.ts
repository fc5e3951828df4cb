import { readStatements } from '../iam/policy-document.ts'
import type {
  BucketResource,
  PolicyStatement,
  QueueResource,
  SecretResource,
  TableResource,
} from './model.ts'
import type { Problems } from './problems.ts'
import { at, defined, list, number, text } from './properties.ts'
import type { Resource } from './resolved-template.ts'

export const ofType = (resources: readonly Resource[], type: string): readonly Resource[] =>
  resources.filter(resource => resource.type === type)

export const propertiesOf = ({ logicalId, type }: Resource) => ({ logicalId, type, path: 'Properties' })

export const readTables = (resources: readonly Resource[]): TableResource[] =>
  ofType(resources, 'AWS::DynamoDB::GlobalTable').map(({ logicalId, name, arn, properties }) =>
    defined({
      logicalId,
      name,
      arn,
      keySchema: list(properties['KeySchema']) as TableResource['keySchema'],
      attributeDefinitions: list(properties['AttributeDefinitions']) as TableResource['attributeDefinitions'],
      // There is one region, so there is one replica.
      keyArn: text(at(list(properties['Replicas'])[0], 'SSESpecification.KMSMasterKeyId')),
    }),
  )

export const readBuckets = (resources: readonly Resource[], problems: Problems): BucketResource[] =>
  ofType(resources, 'AWS::S3::Bucket').map(({ logicalId, name, arn, constructPath, properties }) =>
    defined({
      logicalId,
      name,
      arn,
      // The first construct below the stack names the folder.
      folder: (constructPath.split('/')[1] ?? logicalId).toLowerCase(),
      policy: statementsAbout(
        resources,
        'AWS::S3::BucketPolicy',
        policy => policy.properties['Bucket'] === name,
        problems,
      ),
      keyArn: bucketKeyOf(properties),
    }),
  )

function bucketKeyOf(properties: Resource['properties']): string | undefined {
  const [rule] = list(at(properties, 'BucketEncryption.ServerSideEncryptionConfiguration'))
  return text(at(rule, 'ServerSideEncryptionByDefault.KMSMasterKeyID'))
}

export const readQueues = (resources: readonly Resource[], problems: Problems): QueueResource[] =>
  ofType(resources, 'AWS::SQS::Queue').map(({ logicalId, name, arn, ref, properties }) =>
    defined({
      logicalId,
      name,
      arn,
      policy: statementsAbout(
        resources,
        'AWS::SQS::QueuePolicy',
        policy => list(policy.properties['Queues']).includes(ref),
        problems,
      ),
      keyArn: text(properties['KmsMasterKeyId']),
    }),
  )

/** Statements of all policies of a type that are about one resource. */
export function statementsAbout(
  resources: readonly Resource[],
  type: string,
  isAbout: (policy: Resource) => boolean,
  problems: Problems,
): PolicyStatement[] {
  return ofType(resources, type)
    .filter(isAbout)
    .flatMap(policy => {
      const place = { ...propertiesOf(policy), path: 'Properties.PolicyDocument' }
      return readStatements(policy.properties['PolicyDocument'], place, problems)
    })
}

export const readSecrets = (resources: readonly Resource[]): SecretResource[] =>
  ofType(resources, 'AWS::SecretsManager::Secret').map(
    ({ logicalId, name, arn, properties }) =>
      defined({
        logicalId,
        name,
        arn,
        keyArn: text(properties['KmsKeyId']),
        generate: properties['GenerateSecretString'] && generateOf(properties['GenerateSecretString']),
      } as const) as SecretResource,
  )

/** Secrets Manager makes 32 characters with punctuation unless it is told otherwise. */
const generateOf = (generate: unknown): SecretResource['generate'] =>
  defined({
    template: text(at(generate, 'SecretStringTemplate')),
    key: text(at(generate, 'GenerateStringKey')),
    length: number(at(generate, 'PasswordLength')) ?? 32,
    excludePunctuation: text(at(generate, 'ExcludePunctuation')) === 'true',
  })
