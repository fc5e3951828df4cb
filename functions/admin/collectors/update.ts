import { checkCollectorUpdate } from '../../../shared/domain/source/collector-config.ts'
import type { Collector } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { claimName } from '../conditional-writes.ts'
import { enableFields, readSettings } from '../fields/enable-fields.ts'
import { preconditionFailed } from '../http/api-error.ts'
import { readEntity } from '../http/body.ts'
import { requireMatch } from '../http/entity-tag.ts'
import type { AdminHandler } from '../http/message.ts'
import { collectorAnswer, createCollectorTag } from './present.ts'
import { findCollector } from './read.ts'

/** The change is made already. If this fails, the name is free after a minute, because its owner has another name. */
async function releaseOldName({ log, registry }: AdminPorts, { id, name }: Collector): Promise<void> {
  try {
    await registry.releaseName({ name, ownerId: id })
  } catch (error) {
    log.warn('old name stays reserved for a minute', { collectorId: id, error: String(error) })
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

export const updateCollector =
  (ports: AdminPorts): AdminHandler =>
  async request => {
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
