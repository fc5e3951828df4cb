import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, Billing, type CfnGlobalTable, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { HEALTH_KEY, REGISTRY_KEY, TASKS_KEY } from '../shared/contract/table-keys.ts'

export interface TableProps {
  readonly removalPolicy: RemovalPolicy
  /** @default - a key that AWS owns */
  readonly key: IKey | undefined
}

/** Creates the table of tasks. It has one item for each API of each source: cursor, lease, state. */
export function createTasksTable(scope: Construct, props: TableProps): TableV2 {
  const table = new TableV2(scope, 'TasksTable', {
    partitionKey: { name: TASKS_KEY.partition, type: AttributeType.NUMBER },
    sortKey: { name: TASKS_KEY.sort, type: AttributeType.STRING },
    ...createTableOptions(props),
  })
  return encryptTable(table, props)
}

/** Creates the table of collectors, sources (without tokens), ids and reserved names. */
export function createRegistryTable(scope: Construct, props: TableProps): TableV2 {
  const table = new TableV2(scope, 'RegistryTable', {
    partitionKey: { name: REGISTRY_KEY.partition, type: AttributeType.STRING },
    sortKey: { name: REGISTRY_KEY.sort, type: AttributeType.STRING },
    ...createTableOptions(props),
  })
  return encryptTable(table, props)
}

/** Creates the table of health events: the history of each source, and what is open. */
export function createHealthEventsTable(scope: Construct, props: TableProps): TableV2 {
  const table = new TableV2(scope, 'HealthEventsTable', {
    partitionKey: { name: HEALTH_KEY.partition, type: AttributeType.STRING },
    sortKey: { name: HEALTH_KEY.sort, type: AttributeType.STRING },
    timeToLiveAttribute: HEALTH_KEY.expiry,
    ...createTableOptions(props),
  })
  return encryptTable(table, props)
}

function createTableOptions({ removalPolicy }: TableProps) {
  return {
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy,
    deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
  }
}

/**
 * Puts the user's key into the template. The CDK library does this only if the stack names a region, and our template
 * is for every region.
 */
function encryptTable(table: TableV2, { key }: TableProps): TableV2 {
  if (!key) return table
  const resource = table.node.defaultChild as CfnGlobalTable
  resource.addPropertyOverride('SSESpecification', { SSEEnabled: true, SSEType: 'KMS' })
  resource.addPropertyOverride('Replicas.0.SSESpecification', { KMSMasterKeyId: key.keyArn })
  return table
}
