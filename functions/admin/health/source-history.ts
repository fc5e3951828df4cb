import { HEALTH_EVENT_DAYS } from '../../../shared/contract/limits.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { invalid } from '../http/api-error.ts'
import type { AdminHandler } from '../http/message.ts'
import { queryOf } from '../http/query.ts'
import { sourceOf } from '../sources/get.ts'
import { partOf } from './part.ts'
import { healthAnswer, presentHealthChange } from './present.ts'

/** GET /collectors/{collectorId}/sources/{sourceId}/healthEvents (our extension): all of 90 days, newest first. */
export const listSourceHealth =
  (ports: AdminPorts): AdminHandler =>
  async request => {
    const { id } = await sourceOf(ports, request)
    const query = queryOf(request)
    const part = partOf(query)
    if (query.faults.length > 0) throw invalid(query.faults)
    const since = new Date(ports.clock.now() - HEALTH_EVENT_DAYS * 86_400_000).toISOString()
    return healthAnswer(await ports.healthEvents.history(id, { ...part, since }), presentHealthChange)
  }
