import { checkCollectorUpdate } from '../../../shared/domain/source/collector-config.ts'
import type { Collector } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { claimName } from '../claim-name.ts'
import { enableFields } from '../fields/enable-fields.ts'
import { preconditionFailed } from '../http/api-error.ts'
import { readEntity } from '../http/body.ts'
import type { AdminHandler } from '../http/message.ts'
import { requireMatch } from '../http/preconditions.ts'
import { requested } from '../requested.ts'
import { collectorOf } from './get.ts'
import { collectorAnswer, collectorTag } from './present.ts'

/** The change is made already: a name that stays reserved is free in a minute, as its owner bears another. */
async function releaseOldName({ log, registry }: AdminPorts, { id, name }: Collector): Promise<void> {
  try {
    await registry.releaseName({ name, ownerId: id })
  } catch (error) {
    log.warn('old name stays reserved for a minute', { collectorId: id, error: String(error) })
  }
}

/**
 * The commit. The new name is reserved before and the old one released after it. After a lost race the new name stays
 * reserved until it is stale: whoever won may be about to bear it.
 */
async function replace(ports: AdminPorts, current: Collector, next: Collector): Promise<void> {
  const { registry } = ports
  if (!(await registry.replaceCollector(next, current.version))) throw preconditionFailed()
  if (next.name !== current.name) await releaseOldName(ports, current)
}

/** PUT /collectors/{collectorId} */
export const updateCollector =
  (ports: AdminPorts): AdminHandler =>
  async request => {
    const current = await collectorOf(ports, request)
    requireMatch(request, collectorTag(current))
    const body = readEntity(request, 'collector')
    const { settings, newFields } = requested(request, checkCollectorUpdate(body, current))
    const nowMs = ports.clock.now()
    const { schema, id, version, createdAt } = current
    const next: Collector = { schema, id, version: version + 1, ...settings, createdAt }
    const prepare = () => enableFields(ports, newFields)
    const isRenamed = next.name !== current.name
    await (isRenamed ? claimName(ports, { name: next.name, ownerId: id, nowMs }, prepare) : prepare())
    await replace(ports, current, next)
    return collectorAnswer(200, next, nowMs)
  }
