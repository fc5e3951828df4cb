import type { Collector } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { collectorNotFound } from '../http/api-error.ts'
import { listAnswer } from '../http/list-answer.ts'
import { type AdminRequest, type Handler, readId, readPossibleNames } from '../http/message.ts'
import { readQuery, WINDOW, word } from '../http/query.ts'
import { COLLECTOR, collectorAnswer } from './view.ts'

/** Returns the collector that the path names. Throws ApiError 404. */
export async function findCollector({ registry }: AdminPorts, request: AdminRequest): Promise<Collector> {
  const id = readId(request, 'collectorId')
  const collector = id === undefined ? undefined : await registry.collector(id)
  if (!collector) throw collectorNotFound()
  return collector
}

export const getCollector: Handler = async (ports, request) =>
  collectorAnswer(await findCollector(ports, request), ports.clock.now())

export const getCollectorByName: Handler = async ({ clock, registry }, request) => {
  const collectors = await registry.collectors()
  const [collector] = readPossibleNames(request).flatMap(name =>
    collectors.filter(candidate => candidate.name === name),
  )
  if (!collector) throw collectorNotFound()
  return collectorAnswer(collector, clock.now())
}

export const LISTING = {
  filter: word('Those of this kind alone, in any case. All collectors here are hosted and alive.', [
    'installed',
    'hosted',
    'dead',
    'alive',
  ]),
  ...WINDOW,
}

export const listCollectors: Handler = async ({ clock, registry }, request) => {
  const { filter, ...window } = readQuery(request, LISTING)
  const nowMs = clock.now()
  return listAnswer(request, {
    items: filter === 'installed' || filter === 'dead' ? [] : await registry.collectors(),
    window,
    present: collector => COLLECTOR.present({ ...collector, nowMs }),
    toBody: collectors => ({ collectors }),
  })
}

/**
 * The Python SDK asks for the versions to upgrade to (docs/reference/management-api.md, "Python SDK"). Hosted
 * collectors have none.
 */
export const listUpgradeTargets: Handler = async () => ({ body: { targets: [] } })
