import { failures, listedFailures, OF_BODY, plain } from './answers.ts'
import { bodyOf, type Paths } from './operation.ts'
import { COLLECTOR_ID, HEALTH_PART, SOURCE_ID } from './parameters.ts'
import { schemaRef } from './schema.ts'

const tags: readonly [string] = ['Health']

const UNRESOLVED = plain('Events that no healthy one has closed.', schemaRef('HealthEventList'))

export const HEALTH_PATHS: Paths = {
  '/healthEvents': {
    get: {
      operationId: 'listHealthEvents',
      tags,
      summary: 'List the unresolved health events',
      description: 'One for each API of a source that is in trouble.',
      parameters: [...HEALTH_PART],
      responses: { 200: UNRESOLVED, ...listedFailures(400) },
    },
  },
  '/healthEvents/resources': {
    post: {
      operationId: 'listHealthEventsOfResources',
      tags,
      summary: 'List the unresolved health events of some resources',
      parameters: [...HEALTH_PART],
      requestBody: bodyOf(schemaRef('HealthResources'), {
        data: [{ id: '0000000005F5E102', type: 'Source' }],
      }),
      responses: { 200: UNRESOLVED, ...listedFailures(...OF_BODY) },
    },
  },
  '/collectors/{collectorId}/sources/{sourceId}/healthEvents': {
    get: {
      operationId: 'listSourceHealthEvents',
      tags,
      summary: "List a source's health events of 90 days, newest first",
      description: 'Our extension. Each event of trouble is followed by that of its recovery.',
      parameters: [COLLECTOR_ID, SOURCE_ID, ...HEALTH_PART],
      responses: { 200: plain('The events.', schemaRef('HealthHistory')), ...failures(400, 404) },
    },
  },
}
