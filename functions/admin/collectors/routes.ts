import { AUTO_ENABLE } from '../fields/enable-fields.ts'
import type { RouteGroup } from '../http/route.ts'
import { createCollector } from './create.ts'
import { deleteCollector } from './delete.ts'
import { getCollector, getCollectorByName, LISTING, listCollectors, listUpgradeTargets } from './read.ts'
import { updateCollector } from './update.ts'

const ONE = '/collectors/{collectorId}'

const EXAMPLE = { collectorType: 'Hosted', name: 'Security', category: 'onepassword' }

const FOUND = { status: 200, description: 'The collector.', schema: 'CollectorAnswer', tagged: true } as const

export const COLLECTORS: RouteGroup = {
  name: 'Collectors',
  description: 'Named groups of sources.',
  routes: {
    listCollectors: {
      call: 'GET /collectors',
      handler: listCollectors,
      summary: 'List the collectors, in the order of their ids',
      query: LISTING,
      success: { status: 200, description: 'The collectors.', schema: 'CollectorList' },
    },
    createCollector: {
      call: 'POST /collectors',
      handler: createCollector,
      summary: 'Create a collector',
      query: AUTO_ENABLE,
      body: { schema: 'NewCollector', example: { collector: EXAMPLE } },
      success: { ...FOUND, status: 201, description: 'The new collector.' },
      refusals: [409],
    },
    getCollectorByName: {
      call: 'GET /collectors/name/{name}',
      handler: getCollectorByName,
      summary: 'Get a collector by its name',
      success: FOUND,
    },
    listUpgradeTargets: {
      call: 'GET /collectors/upgrades/targets',
      handler: listUpgradeTargets,
      summary: 'List the builds that a collector can be upgraded to',
      success: { status: 200, description: 'None.', schema: 'UpgradeTargets' },
    },
    getCollector: {
      call: `GET ${ONE}`,
      handler: getCollector,
      summary: 'Get a collector',
      success: FOUND,
    },
    updateCollector: {
      call: `PUT ${ONE}`,
      handler: updateCollector,
      summary: 'Update a collector',
      description: 'The whole collector: what is left out is unset.',
      query: AUTO_ENABLE,
      ifMatch: 'required',
      body: { schema: 'CollectorUpdate', example: { collector: { id: 100000001, ...EXAMPLE } } },
      success: { ...FOUND, description: 'The collector as it now is.' },
      refusals: [409],
    },
    deleteCollector: {
      call: `DELETE ${ONE}`,
      handler: deleteCollector,
      summary: 'Delete a collector with all its sources',
      description: 'Their events stay in the lake.',
      ifMatch: 'optional',
      success: { status: 200, description: 'It is gone. No body.' },
      refusals: [409],
    },
  },
}
