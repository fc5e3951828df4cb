import { AUTO_ENABLE } from '../fields/enable-fields.ts'
import { get, post, put, type RouteGroup, remove } from '../http/route.ts'
import { getCollector, getCollectorByName, LISTING, listCollectors, listUpgradeTargets } from './read.ts'
import { createCollector, deleteCollector, updateCollector } from './write.ts'

const ONE = '/collectors/{collectorId}'

const EXAMPLE = { collectorType: 'Hosted', name: 'Security', category: 'onepassword' }

const COLLECTOR = { answer: 'CollectorAnswer', tagged: 'configuration' } as const

export const COLLECTORS: RouteGroup = {
  name: 'Collectors',
  description: 'Named groups of sources.',
  routes: {
    listCollectors: get('/collectors', listCollectors, 'List the collectors, in the order of their ids', {
      query: LISTING,
      answer: 'CollectorList',
    }),
    createCollector: post('/collectors', createCollector, 'Create a collector', {
      query: AUTO_ENABLE,
      body: { schema: 'NewCollector', example: { collector: EXAMPLE } },
      status: 201,
      ...COLLECTOR,
    }),
    getCollectorByName: get('/collectors/name/{name}', getCollectorByName, 'Get a collector by its name', {
      ...COLLECTOR,
      slashes: true,
    }),
    listUpgradeTargets: get(
      '/collectors/upgrades/targets',
      listUpgradeTargets,
      'List the builds that a collector can be upgraded to: there are none',
      { answer: 'UpgradeTargets' },
    ),
    getCollector: get(ONE, getCollector, 'Get a collector', COLLECTOR),
    updateCollector: put(ONE, updateCollector, 'Update a collector', {
      description: 'The whole collector: what is left out is unset, except the destination.',
      query: AUTO_ENABLE,
      ifMatch: 'required',
      body: { schema: 'CollectorUpdate', example: { collector: { id: 100000001, ...EXAMPLE } } },
      ...COLLECTOR,
    }),
    deleteCollector: remove(ONE, deleteCollector, 'Delete a collector with all its sources', {
      description: 'Their events stay in the lake.',
      ifMatch: 'optional',
    }),
  },
}
