import type { RouteGroup } from '../http/route.ts'
import { HEALTH_PART, listHealthEvents, listHealthEventsOfResources, listSourceHealthEvents } from './list.ts'

const UNRESOLVED = {
  status: 200,
  description: 'Events that no healthy one has closed.',
  schema: 'HealthEventList',
} as const

export const HEALTH: RouteGroup = {
  name: 'Health',
  description: 'What is in trouble, and what was.',
  routes: {
    listHealthEvents: {
      call: 'GET /healthEvents',
      handler: listHealthEvents,
      summary: 'List the unresolved health events',
      description: 'One for each API of a source that is in trouble.',
      query: HEALTH_PART,
      success: UNRESOLVED,
    },
    listHealthEventsOfResources: {
      call: 'POST /healthEvents/resources',
      handler: listHealthEventsOfResources,
      summary: 'List the unresolved health events of some resources',
      query: HEALTH_PART,
      body: { schema: 'HealthResources', example: { data: [{ id: '0000000005F5E102', type: 'Source' }] } },
      success: UNRESOLVED,
    },
    listSourceHealthEvents: {
      call: 'GET /collectors/{collectorId}/sources/{sourceId}/healthEvents',
      handler: listSourceHealthEvents,
      summary: "List a source's health events of 90 days, newest first",
      description: 'Our extension. Each event of trouble is followed by that of its recovery.',
      query: HEALTH_PART,
      success: { status: 200, description: 'The events.', schema: 'HealthHistory' },
    },
  },
}
