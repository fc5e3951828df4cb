import type { Collector } from '../../../shared/domain/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { collectorNotFound } from '../api-error.ts'
import { type AdminHandler, type AdminRequest, idParameter } from '../http.ts'
import { collectorAnswer } from './present.ts'

/** The collector that the path names. Throws ApiError 404. */
export async function collectorOf({ registry }: AdminPorts, request: AdminRequest): Promise<Collector> {
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
