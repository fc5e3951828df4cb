import { finishAll } from '../../../shared/domain/failure/combined-failure.ts'
import { loggableError } from '../../../shared/domain/failure/loggable-error.ts'
import { checkCollectorUpdate, checkNewCollector } from '../../../shared/domain/source/collector-config.ts'
import type { Collector } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { claimName, MAX_LOST_RACES } from '../conditional-writes.ts'
import { enableFields, readSettings } from '../fields/enable-fields.ts'
import { conflict, preconditionFailed } from '../http/api-error.ts'
import { readEntity } from '../http/body.ts'
import { allowMatch, requireMatch } from '../http/entity-tag.ts'
import { type AdminRequest, empty, type Handler } from '../http/message.ts'
import { stopSource } from '../sources/delete.ts'
import { findCollector } from './read.ts'
import { collectorAnswer, createCollectorTag } from './view.ts'

/** The item of the collector is written last. Until then there is a reserved name and nothing else. */
export const createCollector: Handler = async (ports, request) => {
  const { clock, registry } = ports
  const { settings, newFields } = readSettings(request, checkNewCollector(readEntity(request, 'collector')))
  const nowMs = clock.now()
  const id = await registry.nextId()
  const reservation = { name: settings.name, ownerId: id, nowMs }
  await claimName(ports, reservation, () => enableFields(ports, newFields))
  const createdAt = new Date(nowMs).toISOString()
  const collector: Collector = { schema: 1, id, version: 1, ...settings, createdAt }
  await registry.putCollector(collector)
  return collectorAnswer(201, collector, nowMs)
}

/** The change is made already. If this fails, the name is free after a minute, because its owner has another name. */
async function releaseOldName({ log, registry }: AdminPorts, { id, name }: Collector): Promise<void> {
  try {
    await registry.releaseName({ name, ownerId: id })
  } catch (error) {
    log.warn('old name stays reserved for a minute', { collectorId: id, error: loggableError(error) })
  }
}

/**
 * The commit. The new name is reserved before it and the old name is released after it. After a lost race the new name
 * stays reserved until the reservation is old, because the request that won may be about to use the name.
 */
async function replace(ports: AdminPorts, current: Collector, next: Collector): Promise<void> {
  const { registry } = ports
  if (!(await registry.replaceCollector(next, current.version))) throw preconditionFailed()
  if (next.name !== current.name) await releaseOldName(ports, current)
}

export const updateCollector: Handler = async (ports, request) => {
  const current = await findCollector(ports, request)
  requireMatch(request, createCollectorTag(current))
  const body = readEntity(request, 'collector')
  const { settings, newFields } = readSettings(request, checkCollectorUpdate(body, current))
  const nowMs = ports.clock.now()
  const { schema, id, version, createdAt } = current
  const next: Collector = { schema, id, version: version + 1, ...settings, createdAt }
  const prepare = () => enableFields(ports, newFields)
  const isRenamed = next.name !== current.name
  await (isRenamed ? claimName(ports, { name: next.name, ownerId: id, nowMs }, prepare) : prepare())
  await replace(ports, current, next)
  return collectorAnswer(200, next, nowMs)
}

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
    await finishAll(sources.slice(at, at + BATCH).map(source => stopSource(ports, source)))
  }
}

/** The commit is done, so a failure here does not fail the request. */
async function cleanUp(ports: AdminPorts, { id, name }: Collector): Promise<void> {
  const { log, registry } = ports
  try {
    await registry.releaseName({ name, ownerId: id })
    await stopSources(ports, id)
  } catch (error) {
    log.warn('the next tick completes the deletion', { collectorId: id, error: loggableError(error) })
  }
}

/** Deletes the sources too. Their events stay in the lake. */
export const deleteCollector: Handler = async (ports, request) => {
  await cleanUp(ports, await remove(ports, request))
  return empty(200)
}
