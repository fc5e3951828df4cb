import { empty, failures, NOT_MODIFIED, OF_BODY, plain, tagged } from './answers.ts'
import { bodyOf, type Paths } from './operation.ts'
import {
  AUTO_ENABLE_FIELDS,
  COLLECTOR_ID,
  COLLECTOR_NAME,
  FILTER,
  IF_MATCH,
  IF_MATCH_HEEDED,
  IF_NONE_MATCH,
  WINDOW,
} from './parameters.ts'
import { answered, schemaRef } from './schema.ts'

const tags: readonly [string] = ['Collectors']

const SETTINGS = { collectorType: 'Hosted', name: 'Security', category: 'onepassword' }

const ENTITY = schemaRef('CollectorAnswer')

const EMPTY_LIST = { type: 'array', maxItems: 0 }

export const COLLECTOR_PATHS: Paths = {
  '/collectors': {
    get: {
      operationId: 'listCollectors',
      tags,
      summary: 'List the collectors, in the order of their ids',
      parameters: [FILTER, ...WINDOW],
      responses: { 200: plain('The collectors.', schemaRef('CollectorList')), ...failures(400) },
    },
    post: {
      operationId: 'createCollector',
      tags,
      summary: 'Create a collector',
      parameters: [AUTO_ENABLE_FIELDS],
      requestBody: bodyOf(schemaRef('NewCollector'), { collector: SETTINGS }),
      responses: { 201: tagged('The new collector.', ENTITY), ...failures(...OF_BODY, 409) },
    },
  },
  '/collectors/{collectorId}': {
    get: {
      operationId: 'getCollector',
      tags,
      summary: 'Get a collector',
      parameters: [COLLECTOR_ID, IF_NONE_MATCH],
      responses: { 200: tagged('The collector.', ENTITY), ...NOT_MODIFIED, ...failures(404) },
    },
    put: {
      operationId: 'updateCollector',
      tags,
      summary: 'Update a collector',
      description: 'The whole collector: what is left out is unset.',
      parameters: [COLLECTOR_ID, AUTO_ENABLE_FIELDS, IF_MATCH],
      requestBody: bodyOf(schemaRef('CollectorUpdate'), { collector: { id: 100000001, ...SETTINGS } }),
      responses: {
        200: tagged('The collector as it now is.', ENTITY),
        ...failures(...OF_BODY, 403, 404, 409, 412),
      },
    },
    delete: {
      operationId: 'deleteCollector',
      tags,
      summary: 'Delete a collector with all its sources',
      description: 'Their events stay in the lake.',
      parameters: [COLLECTOR_ID, IF_MATCH_HEEDED],
      responses: { 200: empty('It is gone. No body.'), ...failures(404, 409, 412) },
    },
  },
  '/collectors/name/{name}': {
    get: {
      operationId: 'getCollectorByName',
      tags,
      summary: 'Get a collector by its name',
      parameters: [COLLECTOR_NAME, IF_NONE_MATCH],
      responses: { 200: tagged('The collector.', ENTITY), ...NOT_MODIFIED, ...failures(404) },
    },
  },
  '/collectors/upgrades/targets': {
    get: {
      operationId: 'listUpgradeTargets',
      tags,
      summary: 'List the builds that a collector can be upgraded to',
      responses: { 200: plain('None.', answered({ targets: EMPTY_LIST })), ...failures() },
    },
  },
}
