import { CONNECTION_TEST_CALLS } from '../../../shared/contract/limits.ts'
import { AUTO_ENABLE } from '../fields/enable-fields.ts'
import { get, post, put, type RouteGroup, remove } from '../http/route.ts'
import { deleteSource } from './delete.ts'
import { DOWNLOAD, getSource, LISTING, listSources, listTasks } from './read.ts'
import { restartSource } from './restart.ts'
import { stepOver } from './step-over.ts'
import { testConnection } from './test-connection.ts'
import { createSource, updateSource } from './write.ts'

const ALL = '/collectors/{collectorId}/sources'
const ONE = `${ALL}/{sourceId}` as const

const CONFIG = {
  name: '1Pass',
  base_url: 'events.1password.com',
  supported_apis: ['sign-in', 'itemUsage', 'auditEvents'],
  api_token: 'the token that 1Password issued for Events Reporting',
  fields: { _siemForward: true },
}

const EXAMPLE = { schemaRef: { type: '1Password' }, sourceType: 'Universal', config: CONFIG }

const EXAMPLE_UPDATE = { id: 100000002, ...EXAMPLE, config: { ...CONFIG, api_token: '********' } }

const SOURCE = { answer: 'SourceAnswer', tagged: 'configuration' } as const

export const SOURCES: RouteGroup = {
  name: 'Sources',
  description: '1Password accounts that events are collected from.',
  routes: {
    createSource: post(ALL, createSource, 'Create a source', {
      description: 'It is Pending and starts collecting at once.',
      query: AUTO_ENABLE,
      body: { schema: 'NewSource', example: { source: EXAMPLE } },
      status: 201,
      ...SOURCE,
    }),
    listSources: get(ALL, listSources, "List a collector's sources, in the order of their ids", {
      query: LISTING,
      answer: 'SourceListOrDownload',
    }),
    getSource: get(ONE, getSource, 'Get a source and its state', {
      query: DOWNLOAD,
      answer: 'SourceOrDownload',
      tagged: 'configuration',
    }),
    updateSource: put(ONE, updateSource, 'Update a source', {
      description:
        'The whole source: what is left out is unset, but for api_token and start_time. It begins anew from Pending ' +
        'and goes on where it was.',
      query: AUTO_ENABLE,
      ifMatch: 'required',
      body: { schema: 'SourceUpdate', example: { source: EXAMPLE_UPDATE } },
      ...SOURCE,
    }),
    deleteSource: remove(ONE, deleteSource, 'Delete a source', {
      description:
        'It is Stopping at once and gone when its last run has ended. Its events stay in the lake.',
      ifMatch: 'optional',
    }),
    restartSource: post(`${ONE}/action/restart`, restartSource, 'Restart a source', {
      description:
        'Its errors are forgotten. It begins anew from Pending and goes on where it was, at once. A body is not read.',
      mayBeWrong: true,
    }),
    stepOver: post(`${ONE}/action/stepOver`, stepOver, 'Step over events of one API', {
      description:
        'Our extension, for a page that can never be taken. The API goes on from `to`. What lies before and was not ' +
        'delivered is left out: a health event and the next object in the lake say from when to when, and who asked ' +
        'for it. The source is restarted.',
      body: { schema: 'StepOver', example: { api: 'sign-in', to: '2026-01-31T00:00:00Z' } },
    }),
    testConnection: post(`${ALL}/test`, testConnection, 'Test what a source would be able to read', {
      description:
        'Our extension. Takes what a create takes, and saves nothing: it says what the token may read, of which account ' +
        'and until when. With the `id` of a source it takes what an update takes. A stored token is not read for that: ' +
        `its runs say what they have found. Counts as ${CONNECTION_TEST_CALLS} calls.`,
      body: { schema: 'TestedSource', example: { source: EXAMPLE } },
      isReading: true,
      answer: 'ConnectionTestAnswer',
    }),
    listTasks: get(`${ONE}/tasks`, listTasks, 'How each API of a source is doing', {
      description: 'Our extension. One for each of supported_apis, in that order.',
      answer: 'TaskList',
    }),
  },
}
