import { ArnFormat, Names, RemovalPolicy, Stack } from 'aws-cdk-lib'
import {
  type EventBus,
  EventField,
  type IRuleTarget,
  Rule,
  type RuleTargetConfig,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events'
import { Grant, PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup, ResourcePolicy, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { EVENT_SOURCE, HEALTH_CHANGE } from '../shared/contract/events.ts'
import { toRetryPolicy } from './dead-letters.ts'
import { grantKeyUse } from './encryption.ts'
import { createRuleRole } from './rule-role.ts'

export interface HealthProps {
  readonly bus: EventBus
  readonly deadLetters: IQueue
  /** Gets every change of severity Error. */
  readonly topic: ITopic
  readonly logRetentionDays: RetentionDays
  /** @default - a key that AWS owns */
  readonly key: IKey | undefined
}

const detailField = (path: string): string => EventField.fromPath(`$.detail.${path}`)

/** The text of a mail. It says what to do. It is one line, because a line end would be shown as \\n. */
const SENTENCE =
  `${detailField('status')}: source ${detailField('resourceIdentity.name')} of collector ${detailField('resourceIdentity.collectorName')}, ` +
  `${detailField('details.error')}, at ${detailField('eventTime')} (${detailField('eventName')}). ${detailField('details.description')}`

/** Sends Health-Change events to a log group, and those of severity Error also to a topic. */
export class Health extends Construct {
  readonly logs: LogGroup

  constructor(scope: Construct, id: string, props: HealthProps) {
    super(scope, id)
    const { bus, deadLetters, topic, logRetentionDays, key } = props
    const logs = new LogGroup(this, 'Logs', {
      retention: logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(key && { encryptionKey: key }),
    })
    this.logs = logs
    const source = [EVENT_SOURCE]
    const detailType = [HEALTH_CHANGE]
    const logged = new Rule(this, 'Logged', {
      description: 'Keeps every change of health in a log',
      eventBus: bus,
      eventPattern: { source, detailType },
      targets: [createTarget(deadLetters, { arn: toTargetArn(logs) })],
    })
    allowRuleToLog(logs, logged)
    new Rule(this, 'Told', {
      description: 'Reports every error and its end',
      eventBus: bus,
      eventPattern: { source, detailType, detail: { severityLevel: ['Error'] } },
      targets: [
        createTarget(deadLetters, {
          arn: topic.topicArn,
          input: RuleTargetInput.fromText(SENTENCE),
          role: createPublisherRole(this, props),
        }),
      ],
    })
  }
}

const EVENTS = new ServicePrincipal('events.amazonaws.com')

/**
 * Lets the rule write to the log group. (The CDK's own target would deploy a function that does this.) When
 * EventBridge creates a log stream, its call does not name the rule. So the first statement checks the account
 * instead, and only if the call names one: see docs/decisions/source-conditions.md.
 */
function allowRuleToLog(logs: LogGroup, rule: Rule): void {
  const shared = { principals: [EVENTS], resources: [logs.logGroupArn] }
  new ResourcePolicy(logs, 'FromEvents', {
    policyStatements: [
      new PolicyStatement({
        ...shared,
        actions: ['logs:CreateLogStream'],
        conditions: { StringEqualsIfExists: { 'aws:SourceAccount': Stack.of(logs).account } },
      }),
      new PolicyStatement({
        ...shared,
        actions: ['logs:PutLogEvents'],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
      }),
    ],
  })
}

/**
 * Creates the role that publishes to the topic. A topic's policy cannot admit the rules of one account only, because
 * EventBridge does not support conditions there: see docs/decisions/source-conditions.md.
 */
function createPublisherRole(scope: Construct, { bus, topic, key }: HealthProps): Role {
  const role = createRuleRole(scope, 'ToldRole', bus)
  Grant.addToPrincipal({ grantee: role, actions: ['sns:Publish'], resourceArns: [topic.topicArn] })
  grantKeyUse(role, key, 'topic')
  return role
}

/** Creates a target of a rule, with the dead-letter queue and the limits that all targets here share. */
const createTarget = (
  deadLetters: IQueue,
  config: Pick<RuleTargetConfig, 'arn' | 'input' | 'role'>,
): IRuleTarget => ({
  bind(rule) {
    deadLetters.addToResourcePolicy(
      new PolicyStatement({
        sid: `AllowEventRule${Names.nodeUniqueId(rule.node)}`,
        principals: [EVENTS],
        actions: ['sqs:SendMessage'],
        resources: [deadLetters.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleRef.ruleArn } },
      }),
    )
    return { ...config, deadLetterConfig: { arn: deadLetters.queueArn }, retryPolicy: toRetryPolicy() }
  },
})

/** Returns the ARN of a log group without the `:*` at its end, because a target does not accept that. */
const toTargetArn = (logs: LogGroup): string =>
  Stack.of(logs).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logs.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
