import { AUTO_ENABLE } from '../fields/enable-fields.ts'
import type { RouteGroup } from '../http/route.ts'
import { getCollector, getCollectorByName, LISTING, listCollectors, listUpgradeTargets } from './read.ts'
import { createCollector, deleteCollector, updateCollector } from './write.ts'

const ONE = '/collectors/{collectorId}'

const EXAMPLE = { collectorType: 'Hosted', name: 'Security', category: 'onepassword' }

const COLLECTOR = { answer: 'CollectorAnswer', tagged: true } as const

export const COLLECTORS: RouteGroup = {
  name: 'Collectors',
  description: 'Named groups of sources.',
  routes: {
    listCollectors: {
      call: 'GET /collectors',
      handler: listCollectors,
      summary: 'List the collectors, in the order of their ids',
      query: LISTING,
      answer: 'CollectorList',
    },
    createCollector: {
      call: 'POST /collectors',
      handler: createCollector,
      summary: 'Create a collector',
      query: AUTO_ENABLE,
      body: { schema: 'NewCollector', example: { collector: EXAMPLE } },
      status: 201,
      refusals: [409],
      ...COLLECTOR,
    },
    getCollectorByName: {
      call: 'GET /collectors/name/{name}',
      handler: getCollectorByName,
      summary: 'Get a collector by its name',
      ...COLLECTOR,
    },
    listUpgradeTargets: {
      call: 'GET /collectors/upgrades/targets',
      handler: listUpgradeTargets,
      summary: 'List the builds that a collector can be upgraded to: there are none',
      answer: 'UpgradeTargets',
    },
    getCollector: { call: `GET ${ONE}`, handler: getCollector, summary: 'Get a collector', ...COLLECTOR },
    updateCollector: {
      call: `PUT ${ONE}`,
      handler: updateCollector,
      summary: 'Update a collector',
      description: 'The whole collector: what is left out is unset.',
      query: AUTO_ENABLE,
      ifMatch: 'required',
      body: { schema: 'CollectorUpdate', example: { collector: { id: 100000001, ...EXAMPLE } } },
      refusals: [409],
      ...COLLECTOR,
    },
    deleteCollector: {
      call: `DELETE ${ONE}`,
      handler: deleteCollector,
      summary: 'Delete a collector with all its sources',
      description: 'Their events stay in the lake.',
      ifMatch: 'optional',
      refusals: [409],
    },
  },
}
