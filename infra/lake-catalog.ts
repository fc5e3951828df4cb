import { Aws } from 'aws-cdk-lib'
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { API_NAMES } from '../shared/contract/apis.ts'
import { EVENTS_PREFIX, partitionFolder } from '../shared/contract/lake-layout.ts'
import { EVENT_COLUMNS } from './event-columns.ts'

export interface LakeCatalogProps {
  readonly lake: Bucket
  /** Lower-case letters, digits and underscores, so that queries need no quotes for it. */
  readonly databaseName: string
  /** @default - events never expire */
  readonly retentionDays: number | undefined
}

/** Makes the lake a table for Athena. Partitions are computed, so nobody has to add them and no crawler is needed. */
export class LakeCatalog extends Construct {
  readonly databaseName: string
  readonly tableName: string

  constructor(scope: Construct, id: string, props: LakeCatalogProps) {
    super(scope, id)
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: props.databaseName, description: 'Events of 1Password accounts' },
    })
    const table = new CfnTable(this, 'Events', {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: database.ref,
      tableInput: {
        name: 'events',
        description: 'Sign-in attempts, item usages and audit events as received, one a row',
        tableType: 'EXTERNAL_TABLE',
        parameters: { EXTERNAL: 'TRUE', classification: 'json', ...createPartitionProjection(props) },
        partitionKeys: [
          { name: 'api', type: 'string' },
          { name: 'date', type: 'string', comment: 'UTC day of collection, yyyy-MM-dd' },
        ],
        storageDescriptor: createStorageDescriptor(props.lake),
      },
    })
    this.databaseName = database.ref
    this.tableName = table.ref
  }
}

function createStorageDescriptor(lake: Bucket): CfnTable.StorageDescriptorProperty {
  return {
    location: lake.s3UrlForObject(EVENTS_PREFIX),
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    columns: EVENT_COLUMNS.map(([name, type]) => ({ name, type })),
    serdeInfo: {
      serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
      parameters: {
        // The name of a column may not begin with an underscore.
        'mapping.metadata': '_metadata',
        // Events are stored as received. With the first parameter, a line that the reader cannot parse (for example one
        // with a repeated key) becomes an empty row. With the second, a value that does not have its column's type becomes
        // NULL. Otherwise one such event would end every query that reads it. Why this reader:
        // docs/decisions/athena-json-reader.md.
        'ignore.malformed.json': 'true',
        'use.null.for.invalid.data': 'true',
      },
    },
  }
}

/** No event was delivered before this date. */
const FIRST_DATE = '2026-01-01'

function createPartitionProjection({ lake, retentionDays }: LakeCatalogProps): Record<string, string> {
  // S3 deletes objects at the midnight after they expire. One day more is for clocks that differ.
  const from = retentionDays === undefined ? FIRST_DATE : `NOW-${retentionDays + 2}DAYS`
  return {
    'projection.enabled': 'true',
    'projection.api.type': 'enum',
    'projection.api.values': API_NAMES.join(','),
    'projection.date.type': 'date',
    'projection.date.format': 'yyyy-MM-dd',
    'projection.date.range': `${from},NOW+1DAYS`,
    'projection.date.interval': '1',
    'projection.date.interval.unit': 'DAYS',
    'storage.location.template': lake.s3UrlForObject(
      partitionFolder(toPlaceholder('api'), toPlaceholder('date')),
    ),
  }
}

/** Writes a placeholder as Athena reads it. */
const toPlaceholder = (column: string) => `$\{${column}}`
