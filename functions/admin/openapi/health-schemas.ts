import { RESOURCE_TYPES } from '../health/resources.ts'
import { answered, given, listOf, type Schema, schemaRef } from './schema.ts'

const HEX_ID: Schema = { type: 'string', pattern: '^[0-9A-F]{16}$', description: 'The number in hex digits.' }

const TEXT: Schema = { type: 'string', minLength: 1 }

const NEXT: Schema = {
  ...TEXT,
  description: 'Send it as token for the next part. Left out where there is none.',
}

const EVENT = {
  eventId: { type: 'string', format: 'uuid' },
  eventName: { ...TEXT, examples: ['ThirdPartyConfigError', 'TrackerHealthy'] },
  eventTime: { type: 'string', format: 'date-time' },
  subsystem: { const: 'Collection' },
  severityLevel: { enum: ['Error', 'Warning'] },
  details: answered({
    trackerId: {
      ...TEXT,
      description: 'The error or warning and its API, e.g. ThirdPartyConfigError/sign-in.',
    },
    error: { ...TEXT, description: 'A short title.' },
    description: { ...TEXT, description: 'What happened and what to do.' },
  }),
  resourceIdentity: answered({
    id: HEX_ID,
    name: TEXT,
    type: { const: 'Source' },
    collectorId: HEX_ID,
    collectorName: TEXT,
  }),
}

export const HEALTH_SCHEMAS = {
  HealthEvent: answered(EVENT),
  HealthEventList: answered({ data: listOf(schemaRef('HealthEvent')), next: NEXT }, ['next']),
  HealthChange: answered({ ...EVENT, status: { enum: ['UnHealthy', 'Healthy'] } }),
  HealthHistory: answered({ data: listOf(schemaRef('HealthChange')), next: NEXT }, ['next']),
  HealthResources: given(
    {
      data: {
        ...listOf(
          given(
            {
              id: { type: 'string', pattern: '^[0-9A-Fa-f]{1,16}$', description: 'As in resourceIdentity.' },
              type: { enum: RESOURCE_TYPES, description: 'Sources alone have health events here.' },
            },
            ['id', 'type'],
          ),
        ),
        minItems: 1,
        maxItems: 1000,
      },
    },
    ['data'],
  ),
}
