import type {
  HealthDetails,
  HealthEvent,
  ResourceIdentity,
} from '../../../shared/domain/task/health-event.ts'
import { choice, constant, fixed, fullText, text, time } from '../openapi/schema.ts'
import { view, without } from '../openapi/view.ts'

const DETAILS = view<HealthDetails>()({
  trackerId: fullText('The error or warning and its API, e.g. ThirdPartyConfigError/sign-in.'),
  error: fullText('A short title.'),
  description: fullText('What happened and what to do.'),
})

const HEX_ID = text({ pattern: '^[0-9A-F]{16}$', description: 'The number in hex digits.' })

const RESOURCE_IDENTITY = view<ResourceIdentity>()({
  collectorId: HEX_ID,
  collectorName: fullText(),
  id: HEX_ID,
  name: fullText(),
  type: fixed('Source'),
})

const EVENT_NAME = { ...fullText(), examples: ['ThirdPartyConfigError', 'TrackerHealthy'] }

/** An event in the history of a source, where healthy ones are too. */
export const HEALTH_CHANGE = view<HealthEvent>()({
  eventId: text({ format: 'uuid' }),
  eventName: EVENT_NAME,
  eventTime: time(),
  subsystem: constant('Collection'),
  severityLevel: choice(['Error', 'Warning']),
  details: DETAILS,
  resourceIdentity: RESOURCE_IDENTITY,
  status: choice(['UnHealthy', 'Healthy']),
})

/**
 * An event as the Health Events API shows it (docs/reference/management-api.md, "Health Events API"). All events that
 * are listed there are unresolved.
 */
export const HEALTH_EVENT = without(HEALTH_CHANGE, 'status')
