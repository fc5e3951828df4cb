import { ArnFormat, Names, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { type EventBus, EventField, type IRuleTarget, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events'
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup, ResourcePolicy, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { EVENT_SOURCE, HEALTH_CHANGE } from '../shared/contract/events.ts'
import { DELIVERY, deliveryLimits } from './dead-letters.ts'

export interface HealthProps {
  readonly bus: EventBus
  readonly deadLetters: IQueue
  /** Told of every change of severity Error. */
  readonly topic: ITopic
  readonly logRetentionDays: RetentionDays
  /** @default - a key that AWS owns */
  readonly key: IKey | undefined
}

const of = (path: string): string => EventField.fromPath(`$.detail.${path}`)

/** For a person's mail: one line, since line ends would be shown as \\n. The text says what to do. */
const SENTENCE =
  `${of('status')}: source ${of('resourceIdentity.name')} of collector ${of('resourceIdentity.collectorName')}, ` +
  `${of('details.error')}, at ${of('eventTime')} (${of('eventName')}). ${of('details.description')}`

/** Where Health-Change events go beside their table: all to a log group, those of severity Error to a topic. */
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
    new Rule(this, 'Logged', {
      description: 'Keeps every change of health in a log',
      eventBus: bus,
      eventPattern: { source, detailType },
      targets: [logsOf(logs, deadLetters)],
    })
    new Rule(this, 'Told', {
      description: 'Tells of every error and of its end',
      eventBus: bus,
      eventPattern: { source, detailType, detail: { severityLevel: ['Error'] } },
      targets: [
        new SnsTopic(topic, {
          ...DELIVERY,
          message: RuleTargetInput.fromText(SENTENCE),
          deadLetterQueue: deadLetters,
        }),
      ],
    })
  }
}

/** The library's own target deploys a function that writes the resource policy; CloudFormation can do that itself. */
function logsOf(logs: LogGroup, deadLetters: IQueue): IRuleTarget {
  const events = new ServicePrincipal('events.amazonaws.com')
  new ResourcePolicy(logs, 'FromEvents', {
    policyStatements: [
      new PolicyStatement({
        principals: [events],
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logs.logGroupArn],
      }),
    ],
  })
  return {
    bind(rule) {
      deadLetters.addToResourcePolicy(
        new PolicyStatement({
          sid: `AllowEventRule${Names.nodeUniqueId(rule.node)}`,
          principals: [events],
          actions: ['sqs:SendMessage'],
          resources: [deadLetters.queueArn],
          conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleRef.ruleArn } },
        }),
      )
      return {
        arn: targetArn(logs),
        deadLetterConfig: { arn: deadLetters.queueArn },
        retryPolicy: deliveryLimits(),
      }
    },
  }
}

/** The group's own ARN ends in `:*`, which targets do not take. */
const targetArn = (logs: LogGroup): string =>
  Stack.of(logs).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logs.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
