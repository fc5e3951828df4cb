import type { Collector } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { collectorNotFound } from '../http/api-error.ts'
import { type AdminHandler, type AdminRequest, idParameter, nameParameter } from '../http/message.ts'
import { collectorAnswer } from './present.ts'

/** The collector that the path names. Throws ApiError 404. */
export async function collectorOf(
  { registry }: Pick<AdminPorts, 'registry'>,
  request: AdminRequest,
): Promise<Collector> {
  const id = idParameter(request, 'collectorId')
  const collector = id === undefined ? undefined : await registry.collector(id)
  if (!collector) throw collectorNotFound()
  return collector
}

/** GET /collectors/{collectorId} */
export const getCollector =
  (ports: AdminPorts): AdminHandler =>
  async request =>
    collectorAnswer(200, await collectorOf(ports, request), ports.clock.now())

/** GET /collectors/name/{name} */
export const getCollectorByName =
  ({ clock, registry }: AdminPorts): AdminHandler =>
  async request => {
    const name = nameParameter(request, 'name')
    const collector = (await registry.collectors()).find(candidate => candidate.name === name)
    if (!collector) throw collectorNotFound()
    return collectorAnswer(200, collector, clock.now())
  }
