import { COLLECTOR_SCHEMAS } from './collector-schemas.ts'
import { ERROR_SCHEMAS, FIELD_SCHEMAS } from './field-schemas.ts'
import { HEALTH_SCHEMAS } from './health-schemas.ts'
import { SOURCE_SCHEMAS } from './source-schemas.ts'
import { TASK_SCHEMAS } from './task-schemas.ts'

/** The schemas of the document by name. */
export const SCHEMAS = {
  ...COLLECTOR_SCHEMAS,
  ...SOURCE_SCHEMAS,
  ...TASK_SCHEMAS,
  ...FIELD_SCHEMAS,
  ...HEALTH_SCHEMAS,
  ...ERROR_SCHEMAS,
  Description: { type: 'object' },
}

export type SchemaName = keyof typeof SCHEMAS
