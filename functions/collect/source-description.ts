import { during } from '../../shared/domain/failure/failure.ts'
import type { DescribedSource, FieldSchema, RegisteredSource } from '../../shared/domain/source/source.ts'
import type { CollectPorts } from './collect-ports.ts'

const NO_FIELDS: FieldSchema = { schema: 1, version: 0, fields: {} }

/** Returns the source with all that its events are described by. */
export type DescribeSource = () => Promise<DescribedSource>

/**
 * All sources share one item with the schema of fields, and DynamoDB limits how often one item is read. So a run reads it
 * once, and only if it has events and fields to add to them.
 */
export function createSourceDescription(
  { registry }: Pick<CollectPorts, 'registry'>,
  registered: RegisteredSource,
): DescribeSource {
  const { collector, source } = registered
  const hasFields = Object.keys({ ...collector.fields, ...source.fields }).length > 0
  let fieldSchema = hasFields ? undefined : NO_FIELDS
  return async () => {
    fieldSchema ??= await during('reading the schema of fields', registry.fieldSchema())
    return { ...registered, fieldSchema }
  }
}
