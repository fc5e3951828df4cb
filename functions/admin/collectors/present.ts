import { COLLECTOR_TYPE } from '../../../shared/domain/source/collector-config.ts'
import type { Collector } from '../../../shared/domain/source/source.ts'
import { createEntityTag } from '../http/entity-tag.ts'
import { type AdminResult, entity } from '../http/message.ts'

const DEFAULT_TIME_ZONE = 'UTC'

const configuration = (collector: Collector) => ({
  id: collector.id,
  name: collector.name,
  ...(collector.description !== undefined && { description: collector.description }),
  ...(collector.category !== undefined && { category: collector.category }),
  timeZone: collector.timeZone ?? DEFAULT_TIME_ZONE,
  destination: collector.destination,
  fields: collector.fields,
  links: [{ rel: 'sources', href: `/v1/collectors/${collector.id}/sources` }],
  collectorType: COLLECTOR_TYPE,
  collectorVersion: '',
})

/** As reference/sumo-api §4.3 shows a hosted collector. It has no machine of its own, so it is always alive. */
export const presentCollector = (collector: Collector, nowMs: number) => ({
  ...configuration(collector),
  lastSeenAlive: nowMs,
  alive: true,
})

export const createCollectorTag = (collector: Collector): string => createEntityTag(configuration(collector))

export const collectorAnswer = (status: number, collector: Collector, nowMs: number): AdminResult =>
  entity(status, { collector: presentCollector(collector, nowMs) }, createCollectorTag(collector))
