import { empty, failures, NOT_MODIFIED, OF_BODY, plain, tagged } from './answers.ts'
import { bodyOf, type Paths } from './operation.ts'
import {
  AUTO_ENABLE_FIELDS,
  COLLECTOR_ID,
  DOWNLOAD,
  IF_MATCH,
  IF_MATCH_HEEDED,
  IF_NONE_MATCH,
  SOURCE_ID,
  WINDOW,
} from './parameters.ts'
import { schemaRef } from './schema.ts'

const tags: readonly [string] = ['Sources']

const ONE = [COLLECTOR_ID, SOURCE_ID] as const

const SETTINGS = {
  schemaRef: { type: '1Password' },
  sourceType: 'Universal',
  config: {
    name: '1Pass',
    base_url: 'events.1password.com',
    supported_apis: ['sign-in', 'itemUsage', 'auditEvents'],
    api_token: 'the token that 1Password issued for Events Reporting',
    fields: { _siemForward: true },
  },
}

export const SOURCE_PATHS: Paths = {
  '/collectors/{collectorId}/sources': {
    get: {
      operationId: 'listSources',
      tags,
      summary: "List a collector's sources, in the order of their ids",
      parameters: [COLLECTOR_ID, DOWNLOAD, ...WINDOW],
      responses: { 200: plain('The sources.', schemaRef('SourceListOrDownload')), ...failures(400, 404) },
    },
    post: {
      operationId: 'createSource',
      tags,
      summary: 'Create a source',
      description: 'It starts collecting at once.',
      parameters: [COLLECTOR_ID, AUTO_ENABLE_FIELDS],
      requestBody: bodyOf(schemaRef('NewSource'), { source: SETTINGS }),
      responses: {
        201: tagged('The new source, in state Pending.', schemaRef('SourceAnswer')),
        ...failures(...OF_BODY, 404, 409),
      },
    },
  },
  '/collectors/{collectorId}/sources/{sourceId}': {
    get: {
      operationId: 'getSource',
      tags,
      summary: 'Get a source and its state',
      parameters: [...ONE, DOWNLOAD, IF_NONE_MATCH],
      responses: {
        200: tagged('The source.', schemaRef('SourceOrDownload')),
        ...NOT_MODIFIED,
        ...failures(400, 404),
      },
    },
    put: {
      operationId: 'updateSource',
      tags,
      summary: 'Update a source',
      description:
        'The whole source: what is left out is unset, but for api_token and start_time. It begins anew from Pending ' +
        'and goes on where it was.',
      parameters: [...ONE, AUTO_ENABLE_FIELDS, IF_MATCH],
      requestBody: bodyOf(schemaRef('SourceUpdate'), {
        source: { id: 100000002, ...SETTINGS, config: { ...SETTINGS.config, api_token: '********' } },
      }),
      responses: {
        200: tagged('The source as it now is.', schemaRef('SourceAnswer')),
        ...failures(...OF_BODY, 403, 404, 409, 412),
      },
    },
    delete: {
      operationId: 'deleteSource',
      tags,
      summary: 'Delete a source',
      description:
        'It is Stopping at once and gone when its last run has ended. Its events stay in the lake.',
      parameters: [...ONE, IF_MATCH_HEEDED],
      responses: { 200: empty('It is Stopping. No body.'), ...failures(404, 409, 412) },
    },
  },
  '/collectors/{collectorId}/sources/{sourceId}/action/restart': {
    post: {
      operationId: 'restartSource',
      tags,
      summary: 'Restart a source',
      description: 'Its errors are forgotten and it goes on where it was, at once. A body is not read.',
      parameters: [...ONE],
      responses: { 200: empty('It begins anew from Pending. No body.'), ...failures(400, 404, 409) },
    },
  },
}
