import { Stack } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import { type AlarmDefinition, alarmDefinitions, type WatchedResources } from './alarm-definitions.ts'

export interface AlarmsProps extends WatchedResources {
  /**
   * E-mail address.
   * @default - nobody gets mail
   */
  readonly address: string | undefined
  /** Where people find the runbook. */
  readonly runbook: string
  /** @default - the topic is not encrypted; it keeps a message only until it is delivered */
  readonly key: IKey | undefined
}

/** Creates all alarms. They all send to one topic. */
export class Alarms extends Construct {
  readonly topic: Topic
  readonly alarms: readonly Alarm[]

  constructor(scope: Construct, id: string, { address, runbook, key, ...watched }: AlarmsProps) {
    super(scope, id)
    this.topic = createAlarmTopic(this, key)
    if (address !== undefined) this.topic.addSubscription(new EmailSubscription(address))
    this.alarms = alarmDefinitions(this, watched).map(definition => this.alarm(definition, runbook))
  }

  private alarm(definition: AlarmDefinition, runbook: string): Alarm {
    const { name, severity, says, metric, periods = [1, 1], reportsEnd } = definition
    const alarm = new Alarm(this, name, {
      alarmName: `${Stack.of(this).stackName}-${name}`,
      alarmDescription: `${severity}: ${says} What to do: ${runbook}#${name.toLowerCase()}`,
      metric,
      threshold: definition.threshold ?? 1,
      comparisonOperator: definition.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      datapointsToAlarm: periods[0],
      evaluationPeriods: periods[1],
      treatMissingData: definition.missingData ?? TreatMissingData.NOT_BREACHING,
    })
    const notification = new SnsAction(this.topic)
    alarm.addAlarmAction(notification)
    if (reportsEnd) alarm.addOkAction(notification)
    return alarm
  }
}

function createAlarmTopic(scope: Construct, key: IKey | undefined): Topic {
  const topic = new Topic(scope, 'Topic', { enforceSSL: true, ...(key && { masterKey: key }) })
  const { account } = Stack.of(scope)
  // The topic's default policy lets the account's alarms publish. A policy of our own replaces it, so it must say
  // this again.
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
