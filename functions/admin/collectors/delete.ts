import type { Collector } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { MAX_LOST_RACES } from '../conditional-writes.ts'
import { conflict } from '../http/api-error.ts'
import { allowMatch } from '../http/entity-tag.ts'
import { type AdminHandler, type AdminRequest, empty } from '../http/message.ts'
import { stopSource } from '../sources/delete.ts'
import { createCollectorTag } from './present.ts'
import { findCollector } from './read.ts'

/**
 * The commit: from here on everything below the collector is 404. A delete needs no tag, so a change by another request
 * does not hinder it. Throws ApiError 404, 412, 409.
 */
async function remove({ registry }: AdminPorts, request: AdminRequest): Promise<Collector> {
  for (let round = 0; round < MAX_LOST_RACES; round++) {
    const collector = await findCollector({ registry }, request)
    allowMatch(request, createCollectorTag(collector))
    if (await registry.removeCollector(collector.id, collector.version)) return collector
  }
  throw conflict()
}

/** So many sources are stopped at once. */
const BATCH = 25

/** If this fails or dies, a tick of dispatch finds the tasks without a collector. */
async function stopSources(ports: AdminPorts, collectorId: number): Promise<void> {
  const sources = await ports.registry.sources(collectorId)
  for (let at = 0; at < sources.length; at += BATCH) {
    await Promise.all(sources.slice(at, at + BATCH).map(source => stopSource(ports, source)))
  }
}

/** The commit is done, so a failure here does not fail the request. */
async function cleanUp(ports: AdminPorts, { id, name }: Collector): Promise<void> {
  const { log, registry } = ports
  try {
    await registry.releaseName({ name, ownerId: id })
    await stopSources(ports, id)
  } catch (error) {
    log.warn('the next tick completes the deletion', { collectorId: id, error: String(error) })
  }
}

/** Deletes the sources too. Their events stay in the lake. */
export const deleteCollector =
  (ports: AdminPorts): AdminHandler =>
  async request => {
    await cleanUp(ports, await remove(ports, request))
    return empty(200)
  }
