import { failures, plain } from './answers.ts'
import type { Paths } from './operation.ts'
import { COLLECTOR_ID, SOURCE_ID } from './parameters.ts'
import { schemaRef } from './schema.ts'

export const TASK_PATHS: Paths = {
  '/collectors/{collectorId}/sources/{sourceId}/tasks': {
    get: {
      operationId: 'listTasks',
      tags: ['Sources'],
      summary: 'How each API of a source is doing',
      description: 'Our extension. One for each of supported_apis, in that order.',
      parameters: [COLLECTOR_ID, SOURCE_ID],
      responses: { 200: plain('The tasks.', schemaRef('TaskList')), ...failures(404) },
    },
  },
}
