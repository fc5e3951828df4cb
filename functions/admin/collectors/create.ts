import { checkNewCollector } from '../../../shared/domain/source/collector-config.ts'
import type { Collector } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { claimName } from '../claim-name.ts'
import { enableFields } from '../fields/enable-fields.ts'
import { readEntity } from '../http/body.ts'
import type { AdminHandler } from '../http/message.ts'
import { requested } from '../requested.ts'
import { collectorAnswer } from './present.ts'

/** POST /collectors. The collector's item is written last: until then there is a reserved name and no more. */
export const createCollector =
  (ports: AdminPorts): AdminHandler =>
  async request => {
    const { clock, registry } = ports
    const { settings, newFields } = requested(request, checkNewCollector(readEntity(request, 'collector')))
    const nowMs = clock.now()
    const id = await registry.nextId()
    const reservation = { name: settings.name, ownerId: id, nowMs }
    await claimName(ports, reservation, () => enableFields(ports, newFields))
    const createdAt = new Date(nowMs).toISOString()
    const collector: Collector = { schema: 1, id, version: 1, ...settings, createdAt }
    await registry.putCollector(collector)
    return collectorAnswer(201, collector, nowMs)
  }
