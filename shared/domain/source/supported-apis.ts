import { API_NAMES, type Api } from '../../contract/apis.ts'
import { memberOf, type RequestSection, refuse } from './request-section.ts'

/**
 * Spellings in lower case and without separators: the configuration's own, the Events API's, the titles. No page of
 * the original names one for audit events (reference/sumo-api §1.3).
 */
const SPELLINGS: ReadonlyMap<string, Api> = new Map<string, Api>([
  ...['signin', 'signins', 'signinattempt', 'signinattempts'].map(name => [name, 'sign-in'] as const),
  ...['itemusage', 'itemusages'].map(name => [name, 'itemUsage'] as const),
  ...['audit', 'audits', 'auditevent', 'auditevents', 'auditlog', 'auditlogs'].map(
    name => [name, 'auditEvents'] as const,
  ),
])

/** The API that a spelling means, undefined if none. */
export const apiOf = (spelling: string): Api | undefined =>
  SPELLINGS.get(spelling.toLowerCase().replace(/[-_\s]/g, ''))

const WANTED = `of ${API_NAMES.join(', ')}`

export function checkSupportedApis(section: RequestSection): readonly Api[] | undefined {
  const listed = memberOf(section, 'supported_apis')
  if (listed === undefined) return refuse(section, 'supported_apis', `is required: a list ${WANTED}`)
  if (!Array.isArray(listed) || listed.length === 0) {
    return refuse(section, 'supported_apis', `must be a list of at least one ${WANTED}`)
  }
  const apis = listed.map(name => (typeof name === 'string' ? apiOf(name) : undefined))
  const unknown = apis.indexOf(undefined)
  if (unknown >= 0) {
    return refuse(section, `supported_apis[${unknown}]`, `is not known; it must be one ${WANTED}`)
  }
  if (new Set(apis).size < apis.length) {
    return refuse(section, 'supported_apis', 'names an API more than once; name each once')
  }
  return apis.filter(api => api !== undefined)
}
