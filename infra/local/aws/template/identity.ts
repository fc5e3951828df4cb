import { createHash } from 'node:crypto'
import { ACCOUNT, PARTITION, REGION } from './pseudo-parameters.ts'

/** What references to a resource give. */
export interface Identity {
  readonly name: string
  readonly arn: string
  readonly ref: string
  readonly attributes: Readonly<Record<string, string>>
}

export interface IdentityFacts {
  readonly logicalId: string
  /** Names as AWS makes them up: `${stack}-${logicalId}`. */
  readonly generatedName: string
  /** A resolved property at a dotted path, if it is a text. */
  readonly property: (path: string) => string | undefined
  readonly urlOf: (logicalId: string) => string
}

type Identify = (facts: IdentityFacts) => Identity

const arnOf = (service: string, resource: string): string =>
  `arn:${PARTITION}:${service}:${REGION}:${ACCOUNT}:${resource}`

const named = (nameProperty: string, identity: (name: string) => Omit<Identity, 'name'>): Identify => {
  return ({ property, generatedName }) => {
    const name = property(nameProperty) ?? generatedName
    return { name, ...identity(name) }
  }
}

/** Nobody refers to these; their name tells them apart. */
const anonymous: Identify = ({ generatedName: name }) => ({ name, arn: '', ref: name, attributes: {} })

/** Ref and GetAtt by resource type, as the CloudFormation reference has them; attributes not listed are refused. */
export const IDENTITIES: Readonly<Record<string, Identify>> = {
  'AWS::DynamoDB::GlobalTable': named('TableName', name => {
    const arn = arnOf('dynamodb', `table/${name}`)
    return { arn, ref: name, attributes: { Arn: arn } }
  }),
  // Bucket names are lower case, and a generated one is lowered by AWS too.
  'AWS::S3::Bucket': ({ property, generatedName }) => {
    const name = property('BucketName') ?? generatedName.toLowerCase()
    const arn = `arn:${PARTITION}:s3:::${name}`
    return { name, arn, ref: name, attributes: { Arn: arn } }
  },
  'AWS::S3::BucketPolicy': anonymous,
  'AWS::SecretsManager::Secret': named('Name', name => {
    const arn = arnOf('secretsmanager', `secret:${name}-${secretSuffix(name)}`)
    return { arn, ref: arn, attributes: { Id: arn } }
  }),
  'AWS::Events::EventBus': named('Name', name => {
    const arn = arnOf('events', `event-bus/${name}`)
    return { arn, ref: name, attributes: { Arn: arn, Name: name } }
  }),
  'AWS::Events::Rule': ({ property, generatedName }) => {
    const name = property('Name') ?? generatedName
    const bus = property('EventBusName')?.split('/').at(-1) ?? 'default'
    const arn = arnOf('events', bus === 'default' ? `rule/${name}` : `rule/${bus}/${name}`)
    return { name, arn, ref: bus === 'default' ? name : `${bus}|${name}`, attributes: { Arn: arn } }
  },
  'AWS::SQS::Queue': named('QueueName', name => {
    const url = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`
    const arn = arnOf('sqs', name)
    return { arn, ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } }
  }),
  'AWS::SQS::QueuePolicy': anonymous,
  'AWS::IAM::Role': named('RoleName', name => {
    const arn = `arn:${PARTITION}:iam::${ACCOUNT}:role/${name}`
    return { arn, ref: name, attributes: { Arn: arn } }
  }),
  'AWS::IAM::Policy': anonymous,
  'AWS::Lambda::Function': named('FunctionName', name => {
    const arn = arnOf('lambda', `function:${name}`)
    return { arn, ref: name, attributes: { Arn: arn } }
  }),
  'AWS::Lambda::EventInvokeConfig': anonymous,
  'AWS::Lambda::Permission': anonymous,
  'AWS::Lambda::Url': ({ logicalId, generatedName, property, urlOf }) => {
    const arn = property('TargetFunctionArn') ?? ''
    const attributes = { FunctionUrl: urlOf(logicalId), FunctionArn: arn }
    return { name: generatedName, arn, ref: arn, attributes }
  },
  'AWS::StepFunctions::StateMachine': named('StateMachineName', name => {
    const arn = arnOf('states', `stateMachine:${name}`)
    return { arn, ref: arn, attributes: { Arn: arn, Name: name } }
  }),
  'AWS::Logs::LogGroup': named('LogGroupName', name => {
    const arn = arnOf('logs', `log-group:${name}:*`)
    return { arn, ref: name, attributes: { Arn: arn } }
  }),
  'AWS::Logs::ResourcePolicy': anonymous,
  'AWS::SNS::Topic': named('TopicName', name => {
    const arn = arnOf('sns', name)
    return { arn, ref: arn, attributes: { TopicArn: arn, TopicName: name } }
  }),
  'AWS::SNS::TopicPolicy': anonymous,
  'AWS::SNS::Subscription': anonymous,
  'AWS::CloudWatch::Alarm': named('AlarmName', name => {
    const arn = arnOf('cloudwatch', `alarm:${name}`)
    return { arn, ref: name, attributes: { Arn: arn } }
  }),
  'AWS::Glue::Database': named('DatabaseInput.Name', name => ({ arn: '', ref: name, attributes: {} })),
  'AWS::Glue::Table': named('TableInput.Name', name => ({ arn: '', ref: name, attributes: {} })),
}

/** Six characters that Secrets Manager would draw at random; here they follow from the name, so that ARNs stay. */
const secretSuffix = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 6)
