import type {
  HealthDetails,
  HealthEvent,
  ResourceIdentity,
} from '../../../shared/domain/task/health-event.ts'
import { constant, fixed, fullText, oneOf, text, time } from '../openapi/schema.ts'
import { view, without } from '../openapi/view.ts'

const DETAILS = view<HealthDetails>()({
  trackerId: [
    fullText('The error or warning and its API, e.g. ThirdPartyConfigError/sign-in.'),
    ({ trackerId }) => trackerId,
  ],
  error: [fullText('A short title.'), ({ error }) => error],
  description: [fullText('What happened and what to do.'), ({ description }) => description],
})

const HEX_ID = text({ pattern: '^[0-9A-F]{16}$', description: 'The number in hex digits.' })

const RESOURCE_IDENTITY = view<ResourceIdentity>()({
  collectorId: [HEX_ID, ({ collectorId }) => collectorId],
  collectorName: [fullText(), ({ collectorName }) => collectorName],
  id: [HEX_ID, ({ id }) => id],
  name: [fullText(), ({ name }) => name],
  type: fixed('Source'),
})

const EVENT_NAME = { ...fullText(), examples: ['ThirdPartyConfigError', 'TrackerHealthy'] }

/** An event in the history of a source, where healthy ones are too. */
export const HEALTH_CHANGE = view<HealthEvent>()({
  eventId: [text({ format: 'uuid' }), ({ eventId }) => eventId],
  eventName: [EVENT_NAME, ({ eventName }) => eventName],
  eventTime: [time(), ({ eventTime }) => eventTime],
  subsystem: [constant('Collection'), ({ subsystem }) => subsystem],
  severityLevel: [oneOf(['Error', 'Warning']), ({ severityLevel }) => severityLevel],
  details: [DETAILS.schema, ({ details }) => DETAILS.present(details)],
  resourceIdentity: [
    RESOURCE_IDENTITY.schema,
    ({ resourceIdentity }) => RESOURCE_IDENTITY.present(resourceIdentity),
  ],
  status: [oneOf(['UnHealthy', 'Healthy']), ({ status }) => status],
})

/** An event as the Health Events API shows it (reference/sumo-api §3.3). All events that are listed there are unresolved. */
export const HEALTH_EVENT = without(HEALTH_CHANGE, 'status')
