import { COLLECTOR_UPDATE, NEW_COLLECTOR } from '../../../shared/domain/source/collector-config.ts'
import { FIELD_NAME_SCHEMA, NEW_FIELD } from '../../../shared/domain/source/fields-setting.ts'
import { shapeSchema } from '../../../shared/domain/source/shape.ts'
import { NEW_SOURCE, SOURCE_UPDATE } from '../../../shared/domain/source/source-config.ts'
import { STEP_OVER } from '../../../shared/domain/source/step-over.ts'
import { HEALTH_RESOURCES } from '../../../shared/domain/task/health-resources.ts'
import { COLLECTION } from '../collection/view.ts'
import { COLLECTOR } from '../collectors/view.ts'
import { FIELD } from '../fields/read.ts'
import { HEALTH_CHANGE, HEALTH_EVENT } from '../health/view.ts'
import { TASK } from '../sources/task-view.ts'
import { CONNECTION_TEST } from '../sources/test-view.ts'
import { DOWNLOADED_SOURCE, SOURCE } from '../sources/view.ts'
import { constant, count, fullText, integer, list, named, text, wrapped } from './schema.ts'
import { objectSchema } from './view.ts'

const ID = text({
  pattern: '^[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}$',
  description: 'Names this answer; the log has it too.',
})

const CODE = fullText('For programs.')
const MESSAGE = fullText('For people.')

const FAULT = objectSchema({
  field: text({ description: 'Path of the member or parameter, e.g. config.base_url.' }),
  message: MESSAGE,
})

const NEXT = fullText('Send it as token for the next part. Left out where there is none.')

const healthEvents = (name: string) => objectSchema({ data: list(named(name)), 'next?': NEXT })

const VERSION = { 'api.version': constant('v1') }

/** The schemas of the document by name. */
export const SCHEMAS = {
  Collection: COLLECTION,
  Collector: COLLECTOR.schema,
  CollectorAnswer: objectSchema({ collector: named('Collector') }),
  CollectorList: objectSchema({ collectors: list(named('Collector')) }),
  NewCollector: wrapped('collector', NEW_COLLECTOR),
  CollectorUpdate: wrapped('collector', COLLECTOR_UPDATE),
  UpgradeTargets: objectSchema({ targets: { type: 'array', maxItems: 0 } }),
  Source: SOURCE.schema,
  DownloadedSource: DOWNLOADED_SOURCE.schema,
  SourceAnswer: objectSchema({ source: named('Source') }),
  SourceOrDownload: {
    oneOf: [
      objectSchema({ source: named('Source') }),
      objectSchema({ ...VERSION, source: named('DownloadedSource') }),
    ],
  },
  SourceListOrDownload: {
    oneOf: [
      objectSchema({ sources: list(named('Source')) }),
      objectSchema({ ...VERSION, sources: list(named('DownloadedSource')) }),
    ],
  },
  NewSource: wrapped('source', NEW_SOURCE),
  SourceUpdate: wrapped('source', SOURCE_UPDATE),
  TestedSource: { anyOf: [named('NewSource'), named('SourceUpdate')] },
  ConnectionTestAnswer: objectSchema({ test: CONNECTION_TEST.schema }),
  StepOver: shapeSchema(STEP_OVER),
  Task: TASK.schema,
  TaskList: objectSchema({ tasks: list(named('Task')) }),
  Field: FIELD.schema,
  FieldList: objectSchema({ data: list(named('Field')) }),
  DroppedFieldList: objectSchema({ data: list(objectSchema({ fieldName: text(FIELD_NAME_SCHEMA) })) }),
  FieldQuota: objectSchema({ quota: count(), remaining: count() }),
  NewField: shapeSchema(NEW_FIELD),
  HealthEvent: HEALTH_EVENT.schema,
  HealthEventList: healthEvents('HealthEvent'),
  HealthChange: HEALTH_CHANGE.schema,
  HealthHistory: healthEvents('HealthChange'),
  HealthResources: shapeSchema(HEALTH_RESOURCES),
  Error: objectSchema({
    status: integer({ minimum: 400, maximum: 599 }),
    id: ID,
    code: CODE,
    message: MESSAGE,
    'faults?': list(FAULT, { minItems: 1, description: 'Every fault of the request by itself.' }),
  }),
  ErrorList: objectSchema({
    id: ID,
    errors: list(objectSchema({ code: CODE, message: MESSAGE }), { minItems: 1 }),
  }),
  Description: { type: 'object' },
}

export type SchemaName = keyof typeof SCHEMAS
