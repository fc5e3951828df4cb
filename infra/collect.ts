import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { COLLECTION_DUE, EVENT_SOURCE } from '../shared/contract/events.ts'
import { COLLECT_TIMEOUT_SECONDS } from '../shared/contract/timing.ts'
import { VARIABLES } from '../shared/contract/variables.ts'
import { createFunctionTarget } from './dead-letters.ts'
import type { DestinationRights } from './destinations.ts'
import { grantKeyUse } from './encryption.ts'
import { grantDelivery } from './lake.ts'
import { createNodeFunction } from './node-function.ts'
import type { TokenSecrets } from './token-secrets.ts'

export interface CollectProps {
  readonly tasks: TableV2
  readonly registry: TableV2
  readonly healthEvents: TableV2
  readonly lake: Bucket
  readonly bus: EventBus
  readonly tokenSecrets: TokenSecrets
  /** @default - events go to the lake alone */
  readonly destinations: DestinationRights | undefined
  readonly deadLetters: IQueue
  readonly allowedHosts: readonly string[]
  readonly pageSize: number
  readonly logRetentionDays: RetentionDays
  /** @default - keys that AWS owns */
  readonly key: IKey | undefined
  /** @default - unreserved */
  readonly reservedConcurrency?: number | undefined
}

/** One run for each CollectionDue event. For a run that dies, Lambda puts a record of the failure on the bus. */
export class Collect extends Construct {
  readonly function: NodejsFunction

  constructor(scope: Construct, id: string, props: CollectProps) {
    super(scope, id)
    this.function = createNodeFunction(this, {
      folder: 'collect',
      description: 'Collects the events of one API of one source',
      timeoutSeconds: COLLECT_TIMEOUT_SECONDS,
      memoryMb: 320,
      environment: environment(props),
      logRetentionDays: props.logRetentionDays,
      key: props.key,
      onFailure: { bind: () => ({ destination: props.bus.eventBusArn }) },
      reservedConcurrency: props.reservedConcurrency,
    })
    grantCollection(this.function, props)
    grantKeyUse(this.function, props.key, 'tables', 'objects', 'readSecrets')
    new Rule(this, 'Due', {
      description: 'Collects a task',
      eventBus: props.bus,
      eventPattern: { source: [EVENT_SOURCE], detailType: [COLLECTION_DUE] },
      targets: [createFunctionTarget(this.function, props.deadLetters)],
    })
  }
}

function environment({
  tasks,
  registry,
  healthEvents,
  lake,
  bus,
  tokenSecrets,
  destinations,
  allowedHosts,
  pageSize,
}: CollectProps) {
  return {
    [VARIABLES.tasksTable]: tasks.tableName,
    [VARIABLES.registryTable]: registry.tableName,
    [VARIABLES.healthEventsTable]: healthEvents.tableName,
    [VARIABLES.lakeBucket]: lake.bucketName,
    [VARIABLES.busName]: bus.eventBusName,
    [VARIABLES.tokenSecretPrefix]: tokenSecrets.prefix,
    [VARIABLES.allowedHosts]: JSON.stringify(allowedHosts),
    [VARIABLES.pageSize]: String(pageSize),
    ...destinations?.environment,
  }
}

function grantCollection(
  collect: NodejsFunction,
  { tasks, registry, healthEvents, lake, bus, tokenSecrets, destinations }: CollectProps,
) {
  tasks.grants.actions(collect, 'dynamodb:GetItem', 'dynamodb:UpdateItem')
  registry.grants.actions(collect, 'dynamodb:BatchGetItem', 'dynamodb:GetItem')
  healthEvents.grants.actions(collect, 'dynamodb:PutItem')
  bus.grantPutEventsTo(collect)
  tokenSecrets.grant(collect, 'secretsmanager:GetSecretValue')
  destinations?.grant(collect, 'secretsmanager:GetSecretValue')
  grantDelivery(collect, lake)
}
