import { checkNewCollector } from '../../../shared/domain/source/collector-config.ts'
import type { Collector } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { claimName } from '../conditional-writes.ts'
import { enableFields, readSettings } from '../fields/enable-fields.ts'
import { readEntity } from '../http/body.ts'
import type { AdminHandler } from '../http/message.ts'
import { collectorAnswer } from './present.ts'

/** The item of the collector is written last. Until then there is a reserved name and nothing else. */
export const createCollector =
  (ports: AdminPorts): AdminHandler =>
  async request => {
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
