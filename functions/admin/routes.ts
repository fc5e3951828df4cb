import type { MiddyfiedHandler } from '@middy/core'
import httpRouter, { type Method, type Route } from '@middy/http-router'
import type { AdminPorts } from './admin-ports.ts'
import { createCollector } from './collectors/create.ts'
import { deleteCollector } from './collectors/delete.ts'
import { getCollector, getCollectorByName } from './collectors/get.ts'
import { listCollectors, listUpgradeTargets } from './collectors/list.ts'
import { updateCollector } from './collectors/update.ts'
import { deleteField, switchField } from './fields/change.ts'
import { createField } from './fields/create.ts'
import { droppedFields } from './fields/dropped.ts'
import { fieldQuota, getBuiltinField, getField, listBuiltinFields, listFields } from './fields/read.ts'
import { listHealthEvents, listHealthEventsOfResources } from './health/list.ts'
import { listSourceHealth } from './health/source-history.ts'
import { methodUnsupported, notFound } from './http/api-error.ts'
import type { AdminHandler, AdminRequest, AdminResult } from './http/message.ts'
import { getDescription } from './openapi/serve.ts'
import { createSource } from './sources/create.ts'
import { deleteSource } from './sources/delete.ts'
import { getSource } from './sources/get.ts'
import { listSources } from './sources/list.ts'
import { restartSource } from './sources/restart.ts'
import { listTasks } from './sources/tasks.ts'
import { updateSource } from './sources/update.ts'

/** The second is what clients set up without a trailing slash ask for (reference/sumo-api §8.2). */
const PREFIXES = ['/api/v1', '/v1']

const COLLECTOR = '/collectors/{collectorId}'
const SOURCE = `${COLLECTOR}/sources/{sourceId}`
const FIELD = '/fields/{fieldId}'

type Call = readonly [Method, string, AdminHandler]

const collectorCalls = (ports: AdminPorts): readonly Call[] => [
  ['GET', '/collectors', listCollectors(ports)],
  ['POST', '/collectors', createCollector(ports)],
  ['GET', '/collectors/name/{name}', getCollectorByName(ports)],
  ['GET', '/collectors/upgrades/targets', listUpgradeTargets],
  ['GET', COLLECTOR, getCollector(ports)],
  ['PUT', COLLECTOR, updateCollector(ports)],
  ['DELETE', COLLECTOR, deleteCollector(ports)],
]

const sourceCalls = (ports: AdminPorts): readonly Call[] => [
  ['POST', `${COLLECTOR}/sources`, createSource(ports)],
  ['GET', `${COLLECTOR}/sources`, listSources(ports)],
  ['GET', SOURCE, getSource(ports)],
  ['PUT', SOURCE, updateSource(ports)],
  ['DELETE', SOURCE, deleteSource(ports)],
  ['POST', `${SOURCE}/action/restart`, restartSource(ports)],
  ['GET', `${SOURCE}/tasks`, listTasks(ports)],
]

const fieldCalls = (ports: AdminPorts): readonly Call[] => [
  ['GET', '/fields', listFields(ports)],
  ['POST', '/fields', createField(ports)],
  ['GET', '/fields/builtin', listBuiltinFields],
  ['GET', '/fields/builtin/{fieldId}', getBuiltinField],
  ['GET', '/fields/dropped', droppedFields(ports)],
  ['GET', '/fields/quota', fieldQuota(ports)],
  ['GET', FIELD, getField(ports)],
  ['DELETE', FIELD, deleteField(ports)],
  ['GET', `${FIELD}/enable`, getField(ports)],
  ['PUT', `${FIELD}/enable`, switchField(ports, true)],
  ['DELETE', `${FIELD}/disable`, switchField(ports, false)],
]

const healthCalls = (ports: AdminPorts): readonly Call[] => [
  ['GET', '/healthEvents', listHealthEvents(ports)],
  ['POST', '/healthEvents/resources', listHealthEventsOfResources(ports)],
  ['GET', `${SOURCE}/healthEvents`, listSourceHealth(ports)],
]

/** HEAD is GET without the body, which admin-api takes away. */
const withHead = ([method, path, handler]: Call): readonly Call[] =>
  method === 'GET'
    ? [
        [method, path, handler],
        ['HEAD', path, handler],
      ]
    : [[method, path, handler]]

const at = (prefix: string, calls: readonly Call[]): Route<AdminRequest, AdminResult>[] =>
  calls.flatMap(withHead).map(([method, path, handler]) => ({ method, path: `${prefix}${path}`, handler }))

/** Every call under every prefix; the description of them also under none. */
export function routes(ports: AdminPorts): Route<AdminRequest, AdminResult>[] {
  const description: Call = ['GET', '/openapi.json', getDescription(ports)]
  const entities = [...collectorCalls(ports), ...sourceCalls(ports), ...fieldCalls(ports)]
  const calls = [...entities, ...healthCalls(ports), description]
  return [...PREFIXES.flatMap(prefix => at(prefix, calls)), ...at('', [description])]
}

const matches = (template: string, path: string): boolean => {
  const [wanted, given] = [template.split('/'), path.replace(/\/$/, '').split('/')]
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => (part.startsWith('{') ? given[index] !== '' : part === given[index]))
  )
}

/** For the router, which tells only that nothing fitted: 405 where the path is known with other methods, else 404. */
const unmatched =
  (known: readonly Route<AdminRequest, AdminResult>[]) =>
  ({ path }: { path: string }): never => {
    const allowed = known.filter(route => matches(route.path, path)).map(({ method }) => method)
    throw allowed.length > 0 ? methodUnsupported([...new Set(allowed)]) : notFound()
  }

/** Answers each call by its handler. Throws ApiError 404, 405. */
export function routed(ports: AdminPorts): MiddyfiedHandler<AdminRequest, AdminResult> {
  const known = routes(ports)
  return httpRouter<AdminRequest, AdminResult>({ routes: known, notFoundResponse: unmatched(known) })
}
