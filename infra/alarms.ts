import { Duration, Stack } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'

export interface AlarmsProps {
  readonly deadLetters: IQueue
  readonly collect: IFunction
  /**
   * E-mail address.
   * @default - nobody is told
   */
  readonly address: string | undefined
  /** @default - a topic keeps what it tells in the clear for as long as it takes to tell it */
  readonly key: IKey | undefined
}

const PERIOD = Duration.minutes(5)

/** What needs a person, sent to one topic. */
export class Alarms extends Construct {
  readonly topic: Topic

  constructor(scope: Construct, id: string, { deadLetters, collect, address, key }: AlarmsProps) {
    super(scope, id)
    this.topic = alarmTopic(this, key)
    if (address !== undefined) this.topic.addSubscription(new EmailSubscription(address))
    this.onAny(
      'DeadLetters',
      deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM }),
      'An event could not be delivered or a tick failed: read the message in the dead-letter queue.',
    )
    this.onAny(
      'CollectErrors',
      collect.metricErrors({ period: PERIOD, statistic: Stats.SUM }),
      'A run of collect died or timed out: its log group says why. Its task is tried again for 90 minutes.',
    )
  }

  private onAny(id: string, metric: IMetric, alarmDescription: string) {
    const alarm = new Alarm(this, id, {
      metric,
      alarmDescription,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    alarm.addAlarmAction(new SnsAction(this.topic))
  }
}

function alarmTopic(scope: Construct, key: IKey | undefined): Topic {
  const topic = new Topic(scope, 'Topic', { enforceSSL: true, ...(key && { masterKey: key }) })
  const { account } = Stack.of(scope)
  // A policy of one's own replaces the default one, which let the account's alarms publish.
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  )
  return topic
}
