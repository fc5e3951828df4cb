import { MAX_HEALTH_RESOURCES } from '../../../shared/contract/limits.ts'
import {
  type FieldFault,
  isJsonObject,
  memberOf,
  type RequestSection,
  refuse,
} from '../../../shared/domain/source/request-section.ts'
import { readObject } from '../http/body.ts'
import type { AdminRequest } from '../http/message.ts'

/** What the original reports health of. Ours is that of sources. */
export const RESOURCE_TYPES = [
  'Collector',
  'Source',
  'IngestBudget',
  'Organisation',
  'LogsToMetricsRule',
  'ScheduledView',
] as const

const ID = /^[0-9A-F]{1,16}$/i

function readResource(section: RequestSection): number | undefined {
  const id = memberOf(section, 'id')
  const type = memberOf(section, 'type')
  const isId = typeof id === 'string' && ID.test(id)
  if (!isId) refuse(section, 'id', 'must be the id of a resourceIdentity: up to 16 hex digits')
  if (!RESOURCE_TYPES.some(known => known === type)) {
    refuse(section, 'type', `must be one of ${RESOURCE_TYPES.join(', ')}`)
  }
  return isId && type === 'Source' ? Number.parseInt(id, 16) : undefined
}

/** The sources that a request names. Throws ApiError for a body that is none. */
export function readResources(request: AdminRequest) {
  const values = readObject(request, '{"data":[{"id":"…","type":"Source"}]}')
  const faults: FieldFault[] = []
  const section: RequestSection = { path: '', values, faults }
  const data = memberOf(section, 'data')
  if (!Array.isArray(data) || data.length < 1 || data.length > MAX_HEALTH_RESOURCES) {
    refuse(section, 'data', `must be a list of 1 to ${MAX_HEALTH_RESOURCES} resources`)
    return { sources: new Set<number>(), faults }
  }
  const sources = data.map((resource: unknown, i) =>
    readResource({ path: `data[${i}]`, values: isJsonObject(resource) ? resource : {}, faults }),
  )
  return { sources: new Set(sources.filter(id => id !== undefined)), faults }
}
