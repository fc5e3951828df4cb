import { Duration } from 'aws-cdk-lib'
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { type EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events'
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { DISPATCH_TIMEOUT_SECONDS, TICK_MINUTES } from '../shared/contract/timing.ts'
import { VARIABLES } from '../shared/contract/variables.ts'
import { deadLetterDestination, deliveryTo } from './dead-letters.ts'
import { nodeFunction } from './node-function.ts'

export interface DispatchProps {
  readonly tasks: TableV2
  readonly bus: EventBus
  readonly deadLetters: IQueue
  readonly logRetentionDays: RetentionDays
}

/** The tick: puts one CollectionDue event on the bus for each task that is due. */
export class Dispatch extends Construct {
  readonly function: NodejsFunction

  constructor(scope: Construct, id: string, props: DispatchProps) {
    super(scope, id)
    const { tasks, bus, deadLetters, logRetentionDays } = props
    this.function = nodeFunction(this, {
      folder: 'dispatch',
      description: 'Finds the tasks that are due and has each collected',
      timeoutSeconds: DISPATCH_TIMEOUT_SECONDS,
      memoryMb: 256,
      environment: {
        [VARIABLES.tasksTable]: tasks.tableName,
        [VARIABLES.busName]: bus.eventBusName,
      },
      logRetentionDays,
      onFailure: deadLetterDestination(deadLetters),
    })
    tasks.grants.actions(this.function, 'dynamodb:Scan')
    bus.grantPutEventsTo(this.function)
    new Rule(this, 'Tick', {
      description: 'Starts the collection of every task that is due',
      schedule: Schedule.rate(Duration.minutes(TICK_MINUTES)),
      targets: [deliveryTo(this.function, deadLetters)],
    })
  }
}
