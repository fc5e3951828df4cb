import { shapeSchema } from '../../../shared/domain/source/shape.ts'
import { HEALTH_RESOURCES } from '../health/resources.ts'
import { answered, constant, fullText, listOf, named, oneOf, text, time } from './schema.ts'

const HEX_ID = text({ pattern: '^[0-9A-F]{16}$', description: 'The number in hex digits.' })

const NEXT = fullText({ description: 'Send it as token for the next part. Left out where there is none.' })

const EVENT = {
  eventId: text({ format: 'uuid' }),
  eventName: fullText({ examples: ['ThirdPartyConfigError', 'TrackerHealthy'] }),
  eventTime: time(),
  subsystem: constant('Collection'),
  severityLevel: oneOf(['Error', 'Warning']),
  details: answered({
    trackerId: fullText({
      description: 'The error or warning and its API, e.g. ThirdPartyConfigError/sign-in.',
    }),
    error: fullText({ description: 'A short title.' }),
    description: fullText({ description: 'What happened and what to do.' }),
  }),
  resourceIdentity: answered({
    id: HEX_ID,
    name: fullText(),
    type: constant('Source'),
    collectorId: HEX_ID,
    collectorName: fullText(),
  }),
}

export const HEALTH_EVENT = answered(EVENT)
export const HEALTH_CHANGE = answered({ ...EVENT, status: oneOf(['UnHealthy', 'Healthy']) })

export const HEALTH_SCHEMAS = {
  HealthEvent: HEALTH_EVENT,
  HealthEventList: answered({ data: listOf(named('HealthEvent', HEALTH_EVENT)), 'next?': NEXT }),
  HealthChange: HEALTH_CHANGE,
  HealthHistory: answered({ data: listOf(named('HealthChange', HEALTH_CHANGE)), 'next?': NEXT }),
  HealthResources: shapeSchema(HEALTH_RESOURCES),
}
