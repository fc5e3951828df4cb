import type { AdminPorts } from '../admin-ports.ts'
import { invalid } from '../http/api-error.ts'
import { type AdminHandler, json } from '../http/message.ts'
import { queryOf, windowOf, within, wordOf } from '../http/query.ts'
import { presentCollector } from './present.ts'

const FILTERS = ['installed', 'hosted', 'dead', 'alive'] as const

/** Ours are hosted and alive, all of them. */
const NONE_OF_OURS: readonly unknown[] = ['installed', 'dead']

/** GET /collectors, in the order of the ids. */
export const listCollectors =
  ({ clock, registry }: AdminPorts): AdminHandler =>
  async request => {
    const query = queryOf(request)
    const filter = wordOf(query, 'filter', FILTERS)
    const window = windowOf(query)
    if (query.faults.length > 0) throw invalid(query.faults)
    const collectors = NONE_OF_OURS.includes(filter) ? [] : await registry.collectors()
    const nowMs = clock.now()
    return json(200, {
      collectors: within(collectors, window).map(collector => presentCollector(collector, nowMs)),
    })
  }

/** GET /collectors/upgrades/targets: a client asks for the versions to upgrade to. Hosted collectors have none. */
export const listUpgradeTargets: AdminHandler = async () => json(200, { targets: [] })
