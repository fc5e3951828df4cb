import type { Parameter } from './operation.ts'
import type { Schema } from './schema.ts'

const query = (name: string, description: string, schema: Schema): Parameter => ({
  name,
  in: 'query',
  description,
  schema,
})

const inPath = (name: string, description: string, schema: Schema): Parameter => ({
  name,
  in: 'path',
  required: true,
  description,
  schema,
})

const NUMBER = { type: 'integer', minimum: 0 }

export const COLLECTOR_ID = inPath('collectorId', 'The number of the collector.', NUMBER)
export const SOURCE_ID = inPath('sourceId', 'The number of the source.', NUMBER)
export const COLLECTOR_NAME = inPath(
  'name',
  'The name of the collector, percent-encoded. One with a dot may be followed by a slash.',
  { type: 'string', minLength: 1 },
)
export const FIELD_ID = inPath('fieldId', 'The id of the field.', {
  type: 'string',
  pattern: '^[0-9A-Fa-f]{16}$',
})

/** Of a list. */
export const WINDOW: readonly Parameter[] = [
  query('limit', 'How many to list at most.', { type: 'integer', minimum: 1, maximum: 1000, default: 1000 }),
  query('offset', 'How many to leave out first.', { type: 'integer', minimum: 0, default: 0 }),
]

export const HEALTH_PART: readonly Parameter[] = [
  query('limit', 'How many at most.', { type: 'integer', minimum: 1, maximum: 1000, default: 100 }),
  query('token', 'The next of an earlier answer.', { type: 'string' }),
]

export const FILTER = query(
  'filter',
  'Those of this kind alone, in any case. All collectors here are hosted and alive.',
  { type: 'string', examples: ['installed', 'hosted', 'dead', 'alive'] },
)

export const DOWNLOAD = query('download', 'Without id and alive, as a configuration to keep.', {
  type: 'boolean',
  default: false,
})

/** Our extension. */
export const AUTO_ENABLE_FIELDS = query(
  'autoEnableFields',
  'Adds the fields that the schema lacks and enables those that are disabled. Else they are dropped at delivery.',
  { type: 'boolean', default: false },
)

export const IF_MATCH: Parameter = {
  name: 'If-Match',
  in: 'header',
  required: true,
  description: 'The ETag that the last GET answered.',
  schema: { type: 'string' },
}

/** Of a delete, which needs none. */
export const IF_MATCH_HEEDED: Parameter = {
  name: 'If-Match',
  in: 'header',
  description: 'If given, the entity is deleted only while it has this ETag.',
  schema: { type: 'string' },
}

export const IF_NONE_MATCH: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  description: 'ETags that the client knows: 304 if the entity still has one of them.',
  schema: { type: 'string' },
}
