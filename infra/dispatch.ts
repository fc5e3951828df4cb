import { Duration } from 'aws-cdk-lib'
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { type EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { EVENT_SOURCE, FAILED_INVOCATION, SOURCE_STOPPING, TICK_SEGMENT } from '../shared/contract/events.ts'
import { TICKS_PARTITION } from '../shared/contract/table-keys.ts'
import { DISPATCH_TIMEOUT_SECONDS, TICK_MINUTES } from '../shared/contract/timing.ts'
import { VARIABLES } from '../shared/contract/variables.ts'
import { createDeadLetterDestination, createFunctionTarget } from './dead-letters.ts'
import { grantKeyUse } from './encryption.ts'
import { createNodeFunction } from './node-function.ts'
import type { TokenSecrets } from './token-secrets.ts'

export interface DispatchProps {
  readonly tasks: TableV2
  readonly registry: TableV2
  readonly healthEvents: TableV2
  readonly tokenSecrets: TokenSecrets
  readonly bus: EventBus
  readonly deadLetters: IQueue
  readonly quietLookMinutes: number
  readonly logRetentionDays: RetentionDays
  /** @default - keys that AWS owns */
  readonly key: IKey | undefined
}

/**
 * The function dispatch. At each tick it puts one CollectionDue event on the bus for each task that is due. Of a large
 * table it gives segments to further invocations of itself. It also
 * completes the deletion of a source, at once or with the next tick. And it opens an episode for a run that died.
 */
export class Dispatch extends Construct {
  readonly function: NodejsFunction

  constructor(scope: Construct, id: string, props: DispatchProps) {
    super(scope, id)
    const { bus, deadLetters } = props
    this.function = createNodeFunction(this, {
      folder: 'dispatch',
      description: 'Finds the tasks that are due and has each collected',
      timeoutSeconds: DISPATCH_TIMEOUT_SECONDS,
      memoryMb: 512,
      environment: environment(props),
      logRetentionDays: props.logRetentionDays,
      key: props.key,
      onFailure: createDeadLetterDestination(deadLetters),
    })
    grantDispatch(this.function, props)
    grantKeyUse(this.function, props.key, 'tables', 'deadLetters')
    new Rule(this, 'Tick', {
      description: 'Starts the collection of every task that is due',
      schedule: Schedule.rate(Duration.minutes(TICK_MINUTES)),
      targets: [createFunctionTarget(this.function, deadLetters)],
    })
    new Rule(this, 'Segments', {
      description: 'Goes on with a segment of a large table for a tick that took too long',
      eventBus: bus,
      eventPattern: { source: [EVENT_SOURCE], detailType: [TICK_SEGMENT] },
      targets: [createFunctionTarget(this.function, deadLetters)],
    })
    new Rule(this, 'Stopping', {
      description: 'Completes the deletion of a source',
      eventBus: bus,
      eventPattern: { source: [EVENT_SOURCE], detailType: [SOURCE_STOPPING] },
      targets: [createFunctionTarget(this.function, deadLetters)],
    })
    new Rule(this, 'DeadRun', {
      description: 'Opens an episode for a run that died',
      eventBus: bus,
      eventPattern: { source: ['lambda'], detailType: [FAILED_INVOCATION] },
      targets: [createFunctionTarget(this.function, deadLetters)],
    })
  }
}

function environment({ tasks, registry, healthEvents, bus, tokenSecrets, quietLookMinutes }: DispatchProps) {
  return {
    [VARIABLES.tasksTable]: tasks.tableName,
    [VARIABLES.registryTable]: registry.tableName,
    [VARIABLES.healthEventsTable]: healthEvents.tableName,
    [VARIABLES.busName]: bus.eventBusName,
    [VARIABLES.tokenSecretPrefix]: tokenSecrets.prefix,
    [VARIABLES.quietLookMinutes]: String(quietLookMinutes),
  }
}

function grantDispatch(
  dispatch: NodejsFunction,
  { tasks, registry, healthEvents, bus, tokenSecrets }: DispatchProps,
) {
  tasks.grants.actions(
    dispatch,
    'dynamodb:GetItem',
    'dynamodb:Scan',
    'dynamodb:Query',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
  )
  registry.grants.actions(dispatch, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:DeleteItem')
  dispatch.addToRolePolicy(
    new PolicyStatement({
      actions: ['dynamodb:PutItem'],
      resources: [registry.tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [TICKS_PARTITION] } },
    }),
  )
  healthEvents.grants.actions(dispatch, 'dynamodb:PutItem')
  bus.grantPutEventsTo(dispatch)
  tokenSecrets.grant(dispatch, 'secretsmanager:DeleteSecret')
}
