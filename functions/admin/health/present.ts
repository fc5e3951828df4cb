import type { HealthEvent } from '../../../shared/domain/task/health-event.ts'
import type { HealthEventList } from '../../../shared/ports.ts'
import { type AdminResult, json } from '../http/message.ts'
import { tokenOf } from './part.ts'

/** An event as the Health Events API shows it (reference/sumo-api §3.3): being listed there means unresolved. */
export function presentHealthEvent(event: HealthEvent) {
  const { eventId, eventName, eventTime, subsystem, severityLevel, resourceIdentity } = event
  const { trackerId, error, description } = event.details
  return {
    ...{ eventId, eventName, eventTime, subsystem, severityLevel },
    details: { trackerId, error, description },
    resourceIdentity: { ...resourceIdentity, type: 'Source' },
  }
}

/** The same in a source's history, where both kinds are. */
export const presentHealthChange = (event: HealthEvent) => ({
  ...presentHealthEvent(event),
  status: event.status,
})

/** `next` is left out on the last page. */
export const healthAnswer = (
  { events, next }: HealthEventList,
  present: (event: HealthEvent) => object,
): AdminResult => json(200, { data: events.map(present), ...(next !== undefined && { next: tokenOf(next) }) })
