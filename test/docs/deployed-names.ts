/**
 * What CloudFormation calls the resources of a template: by the name that the template gives, or by one of its own
 * making.
 */

export interface Resource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
}

export type Resources = Readonly<Record<string, Resource>>

const REGION = 'eu-central-1'
const ACCOUNT = '123456789012'
export const HERE = `${REGION}:${ACCOUNT}`

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
}

interface Kind {
  /** Dotted path of the property that names it. */
  readonly named: string
  /** Characters that a name may have. */
  readonly longest: number
  /** CloudFormation puts the stack's name before the logical id of most types, and of some not. */
  readonly withoutStack?: true
  readonly arn: (name: string, resource: Resource, names: Names) => string
}

const inRegion = (service: string, kind: string) => (name: string) =>
  `arn:aws:${service}:${HERE}:${kind}${name}`

export const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::DynamoDB::GlobalTable': { named: 'TableName', longest: 255, arn: inRegion('dynamodb', 'table/') },
  'AWS::S3::Bucket': { named: 'BucketName', longest: 63, arn: name => `arn:aws:s3:::${name.toLowerCase()}` },
  'AWS::SecretsManager::Secret': {
    named: 'Name',
    longest: 512,
    withoutStack: true,
    arn: name => `arn:aws:secretsmanager:${HERE}:secret:${name}-xYz123`,
  },
  'AWS::Events::EventBus': { named: 'Name', longest: 256, arn: inRegion('events', 'event-bus/') },
  'AWS::Events::Rule': {
    named: 'Name',
    longest: 64,
    arn: (name, { Properties = {} }, { resolve }) => {
      const bus = Properties['EventBusName']
      return `arn:aws:events:${HERE}:rule/${bus === undefined ? '' : `${resolve(bus)}/`}${name}`
    },
  },
  'AWS::SQS::Queue': { named: 'QueueName', longest: 80, arn: inRegion('sqs', '') },
  'AWS::Logs::LogGroup': { named: 'LogGroupName', longest: 512, arn: inRegion('logs', 'log-group:') },
  'AWS::IAM::Role': { named: 'RoleName', longest: 64, arn: name => `arn:aws:iam::${ACCOUNT}:role/${name}` },
  'AWS::Lambda::Function': { named: 'FunctionName', longest: 64, arn: inRegion('lambda', 'function:') },
  'AWS::SNS::Topic': { named: 'TopicName', longest: 256, arn: inRegion('sns', '') },
  'AWS::CloudWatch::Alarm': { named: 'AlarmName', longest: 255, arn: inRegion('cloudwatch', 'alarm:') },
  'AWS::CloudWatch::Dashboard': {
    named: 'DashboardName',
    longest: 255,
    arn: name => `arn:aws:cloudwatch::${ACCOUNT}:dashboard/${name}`,
  },
  'AWS::Glue::Database': { named: 'DatabaseInput.Name', longest: 255, arn: inRegion('glue', 'database/') },
  'AWS::Glue::Table': {
    named: 'TableInput.Name',
    longest: 255,
    arn: (name, { Properties = {} }, { resolve }) =>
      `arn:aws:glue:${HERE}:table/${resolve(Properties['DatabaseName'])}/${name}`,
  },
  'AWS::StepFunctions::StateMachine': {
    named: 'StateMachineName',
    longest: 80,
    withoutStack: true,
    arn: inRegion('states', 'stateMachine:'),
  },
}

/** What belongs to another resource, by the property that says to which. */
const ATTACHED: Readonly<Record<string, string>> = {
  'AWS::S3::BucketPolicy': 'Bucket',
  'AWS::SQS::QueuePolicy': 'Queues',
  'AWS::SNS::TopicPolicy': 'Topics',
  'AWS::SNS::Subscription': 'TopicArn',
  'AWS::IAM::Policy': 'Roles',
  'AWS::Lambda::EventInvokeConfig': 'FunctionName',
  'AWS::Lambda::Permission': 'FunctionName',
  'AWS::Lambda::Url': 'TargetFunctionArn',
}

/** Characters of a stack's name that are left when CloudFormation cuts a name that would be too long. */
export const KEPT = 20

const RANDOM = '1A2B3C4D5E6F'

/** A name of CloudFormation's own making. */
export function generatedName(stack: string, id: string, longest: number): string {
  const whole = `${stack}-${id}-${RANDOM}`
  if (whole.length <= longest) return whole
  const before = stack.slice(0, KEPT)
  return `${before}-${id.slice(0, longest - before.length - RANDOM.length - 2)}-${RANDOM}`
}

export interface Names {
  readonly resolve: (value: unknown) => string
  /** ARNs of what a resource is, or of what it is attached to; undefined: the type is not known here. */
  readonly arns: (id: string) => string[] | undefined
}

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value)

export function createNames(stack: string, resources: Resources): Names {
  function resolveName(id: string): string {
    const resource = resources[id]
    const kind = KINDS[resource?.Type ?? '']
    if (!resource || !kind) throw new Error(`${id} (${resource?.Type}) is referred to by name and has none`)
    const given = at(resource.Properties, kind.named)
    if (given !== undefined) return resolve(given)
    return kind.withoutStack ? `${id}-${RANDOM}` : generatedName(stack, id, kind.longest)
  }

  function resolve(value: unknown): string {
    if (typeof value === 'string') return value
    const node = value as Record<string, unknown>
    const name = node['Ref']
    if (typeof name === 'string') return PSEUDO[name] ?? resolveName(name)
    const [separator, parts] = node['Fn::Join'] as [string, unknown[]]
    return parts.map(resolve).join(separator)
  }

  /** `{Ref}`, `{Fn::GetAtt: [id, …]}`, or a list of them. */
  const ids = (value: unknown): string[] =>
    [value].flat().map(each => {
      const { Ref, 'Fn::GetAtt': attribute } = each as { Ref?: string; 'Fn::GetAtt'?: string[] }
      return Ref ?? attribute?.[0] ?? ''
    })

  const names: Names = {
    resolve,
    arns(id) {
      const resource = resources[id]
      const kind = KINDS[resource?.Type ?? '']
      if (resource && kind) return [kind.arn(resolveName(id), resource, names)]
      const owner = ATTACHED[resource?.Type ?? '']
      if (owner === undefined) return undefined
      return ids(resource?.Properties?.[owner]).flatMap(other => names.arns(other) ?? [])
    },
  }
  return names
}
