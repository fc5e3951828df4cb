import { checkNewCollector } from '../../../shared/domain/collector-config.ts'
import type { Collector } from '../../../shared/domain/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { invalid, nameTaken } from '../api-error.ts'
import { readEntity } from '../body.ts'
import type { AdminHandler } from '../http.ts'
import { collectorAnswer } from './present.ts'

/** POST /collectors. The collector's item is written last: until then there is a reserved name and no more. */
export const createCollector =
  ({ clock, registry }: AdminPorts): AdminHandler =>
  async request => {
    const checked = checkNewCollector(readEntity(request, 'collector'))
    if (checked.faults) throw invalid(checked.faults)
    const { settings } = checked
    const nowMs = clock.now()
    const id = await registry.nextId()
    if (!(await registry.reserveName({ name: settings.name, ownerId: id, nowMs }))) throw nameTaken()
    const collector: Collector = { schema: 1, id, ...settings, createdAt: new Date(nowMs).toISOString() }
    await registry.putCollector(collector)
    return collectorAnswer(201, collector, nowMs)
  }
