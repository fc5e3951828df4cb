import { get, post, type RouteGroup } from '../http/route.ts'
import { HEALTH_PART, listHealthEvents, listHealthEventsOfResources, listSourceHealthEvents } from './list.ts'

export const HEALTH: RouteGroup = {
  name: 'Health',
  description: 'What is in trouble, and what was.',
  routes: {
    listHealthEvents: get('/healthEvents', listHealthEvents, 'List the unresolved health events', {
      description: 'One for each API of a source that is in trouble: no healthy event has closed it.',
      query: HEALTH_PART,
      answer: 'HealthEventList',
    }),
    listHealthEventsOfResources: post(
      '/healthEvents/resources',
      listHealthEventsOfResources,
      'List the unresolved health events of some resources',
      {
        query: HEALTH_PART,
        isReading: true,
        body: { schema: 'HealthResources', example: { data: [{ id: '0000000005F5E102', type: 'Source' }] } },
        answer: 'HealthEventList',
      },
    ),
    listSourceHealthEvents: get(
      '/collectors/{collectorId}/sources/{sourceId}/healthEvents',
      listSourceHealthEvents,
      "List a source's health events of 90 days, newest first",
      {
        description: 'Our extension. Each event of trouble is followed by that of its recovery.',
        query: HEALTH_PART,
        answer: 'HealthHistory',
      },
    ),
  },
}
