import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'
import { HEALTH_KEY, REGISTRY_KEY, TASKS_KEY } from '../shared/contract/table-keys.ts'

export interface TableProps {
  readonly removalPolicy: RemovalPolicy
}

/** One item for each (source, API): cursor, lease, state. */
export function tasksTable(scope: Construct, { removalPolicy }: TableProps): TableV2 {
  return new TableV2(scope, 'TasksTable', {
    partitionKey: { name: TASKS_KEY.partition, type: AttributeType.NUMBER },
    sortKey: { name: TASKS_KEY.sort, type: AttributeType.STRING },
    ...kept(removalPolicy),
  })
}

/** Collectors, sources (without token), ids, name reservations. */
export function registryTable(scope: Construct, { removalPolicy }: TableProps): TableV2 {
  return new TableV2(scope, 'RegistryTable', {
    partitionKey: { name: REGISTRY_KEY.partition, type: AttributeType.STRING },
    sortKey: { name: REGISTRY_KEY.sort, type: AttributeType.STRING },
    ...kept(removalPolicy),
  })
}

/** Health-Change events: the history of each source, and what is open. */
export function healthEventsTable(scope: Construct, { removalPolicy }: TableProps): TableV2 {
  return new TableV2(scope, 'HealthEventsTable', {
    partitionKey: { name: HEALTH_KEY.partition, type: AttributeType.STRING },
    sortKey: { name: HEALTH_KEY.sort, type: AttributeType.STRING },
    timeToLiveAttribute: HEALTH_KEY.expiry,
    ...kept(removalPolicy),
  })
}

function kept(removalPolicy: RemovalPolicy) {
  return {
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy,
    deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
  }
}
