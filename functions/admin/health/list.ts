import type { AdminPorts } from '../admin-ports.ts'
import { invalid } from '../http/api-error.ts'
import type { AdminHandler } from '../http/message.ts'
import { queryOf } from '../http/query.ts'
import { partOf } from './part.ts'
import { healthAnswer, presentHealthEvent } from './present.ts'
import { readResources } from './resources.ts'

/** GET /healthEvents: all that are unresolved. */
export const listHealthEvents =
  ({ healthEvents }: AdminPorts): AdminHandler =>
  async request => {
    const query = queryOf(request)
    const part = partOf(query)
    if (query.faults.length > 0) throw invalid(query.faults)
    return healthAnswer(await healthEvents.unresolved(part), presentHealthEvent)
  }

/** POST /healthEvents/resources: the same of some resources. */
export const listHealthEventsOfResources =
  ({ healthEvents }: AdminPorts): AdminHandler =>
  async request => {
    const query = queryOf(request)
    const part = partOf(query)
    const { sources, faults } = readResources(request)
    if (query.faults.length + faults.length > 0) throw invalid([...query.faults, ...faults])
    return healthAnswer(await healthEvents.unresolved({ ...part, sources }), presentHealthEvent)
  }
