import { createHash } from 'node:crypto'
import { ACCOUNT, PARTITION, REGION } from './pseudo-parameters.ts'

/** What references to a resource return. */
export interface Identity {
  readonly name: string
  readonly arn: string
  readonly ref: string
  readonly attributes: Readonly<Record<string, string>>
}

export interface IdentityFacts {
  readonly logicalId: string
  /** The name that is generated if the template gives none: `${stack}-${logicalId}`. */
  readonly generatedName: string
  /** Returns the resolved property at a dotted path, if it is a text. */
  readonly property: (path: string) => string | undefined
  readonly findUrl: (logicalId: string) => string
}

type Identify = (facts: IdentityFacts) => Identity

const toArn = (service: string, resource: string): string =>
  `arn:${PARTITION}:${service}:${REGION}:${ACCOUNT}:${resource}`

const named = (nameProperty: string, identity: (name: string) => Omit<Identity, 'name'>): Identify => {
  return ({ property, generatedName }) => {
    const name = property(nameProperty) ?? generatedName
    return { name, ...identity(name) }
  }
}

/** A resource whose name the template does not choose. */
const generated =
  (identify: (name: string) => Omit<Identity, 'name'>): Identify =>
  ({ generatedName: name }) => ({ name, ...identify(name) })

const withArn = (arn: string, ref: string): Omit<Identity, 'name'> => ({ arn, ref, attributes: { Arn: arn } })

/** A resource that nothing refers to. */
const anonymous: Identify = ({ generatedName: name }) => ({ name, arn: '', ref: name, attributes: {} })

/** Ref and GetAtt by resource type, as the CloudFormation reference has them. Attributes not listed are refused. */
export const IDENTITIES: Readonly<Record<string, Identify>> = {
  'AWS::DynamoDB::GlobalTable': generated(name => withArn(toArn('dynamodb', `table/${name}`), name)),
  // AWS puts the name that it generates for a bucket into lower case.
  'AWS::S3::Bucket': ({ generatedName }) => {
    const name = generatedName.toLowerCase()
    return { name, ...withArn(`arn:${PARTITION}:s3:::${name}`, name) }
  },
  'AWS::S3::BucketPolicy': anonymous,
  'AWS::SecretsManager::Secret': generated(name => {
    const arn = toArn('secretsmanager', `secret:${name}-${secretSuffix(name)}`)
    return { arn, ref: arn, attributes: {} }
  }),
  'AWS::Events::EventBus': named('Name', name => withArn(toArn('events', `event-bus/${name}`), name)),
  'AWS::Events::Rule': ({ property, generatedName: name }) => {
    const bus = property('EventBusName')?.split('/').at(-1) ?? 'default'
    const arn = toArn('events', bus === 'default' ? `rule/${name}` : `rule/${bus}/${name}`)
    return { name, ...withArn(arn, bus === 'default' ? name : `${bus}|${name}`) }
  },
  'AWS::SQS::Queue': generated(name => {
    const arn = toArn('sqs', name)
    const url = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`
    return { arn, ref: url, attributes: { Arn: arn, QueueName: name } }
  }),
  'AWS::SQS::QueuePolicy': anonymous,
  'AWS::IAM::Role': generated(name => withArn(`arn:${PARTITION}:iam::${ACCOUNT}:role/${name}`, name)),
  'AWS::IAM::Policy': anonymous,
  'AWS::Lambda::Function': generated(name => withArn(toArn('lambda', `function:${name}`), name)),
  'AWS::Lambda::EventInvokeConfig': anonymous,
  'AWS::Lambda::Permission': anonymous,
  'AWS::Lambda::Url': ({ logicalId, generatedName, property, findUrl }) => {
    const arn = property('TargetFunctionArn') ?? ''
    return { name: generatedName, arn, ref: arn, attributes: { FunctionUrl: findUrl(logicalId) } }
  },
  'AWS::StepFunctions::StateMachine': generated(name => {
    const arn = toArn('states', `stateMachine:${name}`)
    return { arn, ref: arn, attributes: {} }
  }),
  'AWS::Logs::LogGroup': named('LogGroupName', name => withArn(toArn('logs', `log-group:${name}:*`), name)),
  'AWS::Logs::ResourcePolicy': anonymous,
  'AWS::SNS::Topic': generated(name => {
    const arn = toArn('sns', name)
    return { arn, ref: arn, attributes: {} }
  }),
  'AWS::SNS::TopicPolicy': anonymous,
  'AWS::SNS::Subscription': anonymous,
  'AWS::CloudWatch::Alarm': named('AlarmName', name => withArn(toArn('cloudwatch', `alarm:${name}`), name)),
  'AWS::Glue::Database': named('DatabaseInput.Name', name => ({ arn: '', ref: name, attributes: {} })),
  'AWS::Glue::Table': named('TableInput.Name', name => ({ arn: '', ref: name, attributes: {} })),
}

/** Secrets Manager draws six random characters. Here they follow from the name, so that ARNs stay the same. */
const secretSuffix = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 6)
