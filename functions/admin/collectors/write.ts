import { finishAll } from '../../../shared/domain/failure/combined-failure.ts'
import { checkCollectorUpdate, checkNewCollector } from '../../../shared/domain/source/collector-config.ts'
import type { Collector } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { claimName, doOptionalWork, releaseOldName, repeatLostRaces } from '../conditional-writes.ts'
import { enableFields, readSettings } from '../fields/enable-fields.ts'
import { preconditionFailed } from '../http/api-error.ts'
import { readEntity } from '../http/body.ts'
import { allowMatch, requireMatch } from '../http/entity-tag.ts'
import type { Handler } from '../http/message.ts'
import { stopSource } from '../sources/delete.ts'
import {
  removeDestination,
  requireFieldsOfSources,
  restartWaitingSources,
  storeDestination,
} from './destination.ts'
import { findCollector } from './read.ts'
import { collectorAnswer, createCollectorTag } from './view.ts'

/** The item of the collector is written last. Until then there is a reserved name and nothing else. */
export const createCollector: Handler = async (ports, request) => {
  const { clock, registry } = ports
  const checked = checkNewCollector(readEntity(request, 'collector'), ports.settings.destinations)
  const { settings, newFields } = readSettings(request, checked)
  const id = await registry.nextId()
  const destination = await claimName(ports, { name: settings.name, ownerId: id }, async () => {
    await enableFields(ports, newFields)
    return storeDestination(ports, id, settings.destination)
  })
  const nowMs = clock.now()
  const createdAt = new Date(nowMs).toISOString()
  const collector: Collector = { schema: 1, id, version: 1, ...settings, destination, createdAt }
  await registry.putCollector(collector)
  return collectorAnswer(collector, nowMs)
}

/**
 * The new name is reserved before the commit and the old name is released after it. After a lost race the new name stays
 * reserved until the reservation is old, because the request that won may be about to use the name.
 */
export const updateCollector: Handler = async (ports, request) => {
  const { clock, registry } = ports
  const current = await findCollector(ports, request)
  requireMatch(request, createCollectorTag(current))
  const body = readEntity(request, 'collector')
  const checked = checkCollectorUpdate(body, ports.settings.destinations, current)
  const { settings, newFields } = readSettings(request, checked)
  await requireFieldsOfSources(ports, current, settings.destination)
  const { schema, id, version, createdAt } = current
  const claim = { name: settings.name, ownerId: id, present: current.name }
  const destination = await claimName(ports, claim, async () => {
    await enableFields(ports, newFields)
    return storeDestination(ports, id, settings.destination)
  })
  const next: Collector = { schema, id, version: version + 1, ...settings, destination, createdAt }
  if (!(await registry.replaceCollector(next, version))) {
    await removeDestination(ports, id, destination, current.destination)
    throw preconditionFailed()
  }
  await releaseOldName(ports, claim)
  await restartWaitingSources(ports, id, [current.destination, destination])
  await removeDestination(ports, id, current.destination, destination)
  return collectorAnswer(next, clock.now())
}

/** So many sources are stopped at once. */
const BATCH = 25

async function stopSources(ports: AdminPorts, collectorId: number): Promise<void> {
  const sources = await ports.registry.sources(collectorId)
  for (let at = 0; at < sources.length; at += BATCH) {
    await finishAll(sources.slice(at, at + BATCH).map(source => stopSource(ports, source)))
  }
}

/**
 * Deletes the sources too. Their events stay in the lake. Removing the item of the collector is the commit: from then on
 * everything below the collector is 404. It needs no tag, so a change by another request does not hinder it.
 */
export const deleteCollector: Handler = async (ports, request) => {
  const { registry } = ports
  const { id, name, destination } = await repeatLostRaces(async () => {
    const collector = await findCollector(ports, request)
    allowMatch(request, createCollectorTag(collector))
    return (await registry.removeCollector(collector.id, collector.version)) ? collector : undefined
  })
  await doOptionalWork(ports, { collectorId: id }, 'the next tick completes the deletion', async () => {
    await registry.releaseName({ name, ownerId: id })
    await stopSources(ports, id)
  })
  await removeDestination(ports, id, destination)
  return {}
}
