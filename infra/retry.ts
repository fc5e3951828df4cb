import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import { type EventBus, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events'
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { EPISODE_OPENED, EVENT_SOURCE } from '../shared/contract/events.ts'
import { DELIVERY_LIMITS } from './dead-letters.ts'
import { retryDefinition } from './retry-definition.ts'
import { createRuleRole } from './rule-role.ts'

export interface RetryProps {
  readonly bus: EventBus
  readonly collect: IFunction
  readonly deadLetters: IQueue
  readonly logRetentionDays: RetentionDays
  /** @default - a key that AWS owns */
  readonly key: IKey | undefined
}

/**
 * Retries failing tasks. One execution for each episode collects a task again until it recovers, is stopped or is given
 * up.
 */
export class Retry extends Construct {
  readonly machine: StateMachine

  constructor(scope: Construct, id: string, props: RetryProps) {
    super(scope, id)
    this.machine = createStateMachine(this, props)
    new Rule(this, 'Opened', {
      description: 'Retries a failing task',
      eventBus: props.bus,
      eventPattern: { source: [EVENT_SOURCE], detailType: [EPISODE_OPENED] },
      targets: [
        new SfnStateMachine(this.machine, {
          ...DELIVERY_LIMITS,
          role: createRuleRole(this.machine, 'EventsRole', props.bus),
          input: RuleTargetInput.fromEventPath('$.detail'),
          deadLetterQueue: props.deadLetters,
        }),
      ],
    })
  }
}

function createStateMachine(scope: Construct, { collect, logRetentionDays, key }: RetryProps): StateMachine {
  const machine = new StateMachine(scope, 'Machine', {
    stateMachineType: StateMachineType.STANDARD,
    definitionBody: DefinitionBody.fromString(
      Stack.of(scope).toJsonString(retryDefinition(collect.functionArn)),
    ),
    // Only failing tasks have executions, so they are few. To log everything costs some cents.
    logs: {
      destination: createLogGroup(scope, logRetentionDays, key),
      level: LogLevel.ALL,
      includeExecutionData: true,
    },
  })
  // The grant of the library would also allow every version and alias.
  machine.addToRolePolicy(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [collect.functionArn] }),
  )
  acknowledgeFindings(machine)
  return machine
}

/**
 * Creates the log group. Its name begins with /aws/vendedlogs/, because every group with another name takes space in
 * the account's resource policy for log delivery. There is only one such policy, and it is soon full.
 */
function createLogGroup(scope: Construct, retention: RetentionDays, key: IKey | undefined): LogGroup {
  return new LogGroup(scope, 'Logs', {
    logGroupName: `/aws/vendedlogs/states/${Stack.of(scope).stackName}-Retry`,
    retention,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(key && { encryptionKey: key }),
  })
}

function acknowledgeFindings(machine: StateMachine): void {
  Validations.of(machine).acknowledge(
    {
      id: 'AwsSolutions-SF2',
      reason:
        'The history of an execution shows every step with its times, and collect is not traced: X-Ray would add nothing.',
    },
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'The actions of log delivery are about the account, and AWS takes no narrower resource for them.',
    },
  )
}
