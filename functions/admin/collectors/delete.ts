import type { Collector } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { conflict } from '../http/api-error.ts'
import { type AdminHandler, type AdminRequest, empty } from '../http/message.ts'
import { heedMatch } from '../http/preconditions.ts'
import { MAX_LOST_RACES } from '../lost-races.ts'
import { stopSource } from '../sources/stop.ts'
import { collectorOf } from './get.ts'
import { collectorTag } from './present.ts'

/**
 * The commit: from here on everything below the collector is 404. A delete needs no tag: others who change the collector
 * meanwhile do not hinder it. Throws ApiError 404, 412, 409.
 */
async function remove({ registry }: AdminPorts, request: AdminRequest): Promise<Collector> {
  for (let round = 0; round < MAX_LOST_RACES; round++) {
    const collector = await collectorOf({ registry }, request)
    heedMatch(request, collectorTag(collector))
    if (await registry.removeCollector(collector.id, collector.version)) return collector
  }
  throw conflict()
}

/** Sources that are stopped at once. */
const BATCH = 25

/** What a failure or a death leaves here, a tick of dispatch finds: tasks without collector. */
async function stopSources(ports: AdminPorts, collectorId: number): Promise<void> {
  const sources = await ports.registry.sources(collectorId)
  for (let at = 0; at < sources.length; at += BATCH) {
    await Promise.all(sources.slice(at, at + BATCH).map(source => stopSource(ports, source)))
  }
}

/** The commit stands: what fails from here on fails no request. */
async function cleanUp(ports: AdminPorts, { id, name }: Collector): Promise<void> {
  const { log, registry } = ports
  try {
    await registry.releaseName({ name, ownerId: id })
    await stopSources(ports, id)
  } catch (error) {
    log.warn('the next tick completes the deletion', { collectorId: id, error: String(error) })
  }
}

/** DELETE /collectors/{collectorId}, with all its sources; their events stay in the lake. */
export const deleteCollector =
  (ports: AdminPorts): AdminHandler =>
  async request => {
    await cleanUp(ports, await remove(ports, request))
    return empty(200)
  }
