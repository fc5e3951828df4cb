import { inside, type Problems } from './problems.ts'
import { isObject, type Json } from './properties.ts'
import { findByType, propertiesPlace, type Resource } from './resolved-template.ts'

interface Attachment {
  readonly type: string
  /** Dotted path of the property that names the other resource. Lists are searched. */
  readonly path: string
  readonly to: readonly string[]
  /** Names of things that no template declares. */
  readonly or?: readonly string[]
}

const FUNCTION = 'AWS::Lambda::Function'
const QUEUE = 'AWS::SQS::Queue'
const BUS = 'AWS::Events::EventBus'
const TOPIC = 'AWS::SNS::Topic'
const LOG_GROUP = 'AWS::Logs::LogGroup'
const STATE_MACHINE = 'AWS::StepFunctions::StateMachine'

/** Properties that name another resource. AWS would silently do nothing if that resource were not in the template. */
const ATTACHMENTS: readonly Attachment[] = [
  { type: 'AWS::S3::BucketPolicy', path: 'Bucket', to: ['AWS::S3::Bucket'] },
  { type: 'AWS::SQS::QueuePolicy', path: 'Queues', to: [QUEUE] },
  { type: 'AWS::SNS::TopicPolicy', path: 'Topics', to: [TOPIC] },
  { type: 'AWS::IAM::Policy', path: 'Roles', to: ['AWS::IAM::Role'] },
  { type: 'AWS::Lambda::EventInvokeConfig', path: 'FunctionName', to: [FUNCTION] },
  {
    type: 'AWS::Lambda::EventInvokeConfig',
    path: 'DestinationConfig.OnFailure.Destination',
    to: [BUS, QUEUE],
  },
  { type: 'AWS::Lambda::Permission', path: 'FunctionName', to: [FUNCTION] },
  { type: 'AWS::Lambda::Url', path: 'TargetFunctionArn', to: [FUNCTION] },
  { type: 'AWS::Events::Rule', path: 'EventBusName', to: [BUS], or: ['default'] },
  { type: 'AWS::Events::Rule', path: 'Targets.Arn', to: [FUNCTION, TOPIC, LOG_GROUP, STATE_MACHINE] },
  { type: 'AWS::Events::Rule', path: 'Targets.DeadLetterConfig.Arn', to: [QUEUE] },
]

/** Adds a problem for each such property that names a resource which the template does not have. */
export function checkAttachments(resources: readonly Resource[], problems: Problems): void {
  for (const { type, path, to, or = [] } of ATTACHMENTS) {
    const targets = to.flatMap(kind => findByType(resources, kind))
    const known = new Set([
      ...or,
      ...targets.flatMap(({ name, arn, ref }) => [name, arn, ref, arn.replace(/:\*$/, '')]),
    ])
    for (const resource of findByType(resources, type)) {
      for (const named of valuesAt(resource.properties, path.split('.'))) {
        if (known.has(String(named))) continue
        problems.add(
          inside(propertiesPlace(resource), path),
          `${named} is no ${to.join(' or ')} of this template`,
        )
      }
    }
  }
}

function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(item => valuesAt(item, path))
  const [name, ...rest] = path
  if (name === undefined) return [value]
  return isObject(value) && value[name] !== undefined ? valuesAt((value as Json)[name], rest) : []
}
