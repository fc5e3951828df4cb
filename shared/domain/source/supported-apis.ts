import { API_NAMES, type Api } from '../../contract/apis.ts'
import { type RequestSection, readMember, refuse } from './request-section.ts'
import type { Member } from './shape.ts'

/**
 * Spellings in lower case and without separators: the configuration's own, the Events API's, the titles. No page of
 * the original names one for audit events (docs/reference/management-api.md, "Names of the APIs").
 */
const SPELLINGS: ReadonlyMap<string, Api> = new Map<string, Api>([
  ...['signin', 'signins', 'signinattempt', 'signinattempts'].map(name => [name, 'sign-in'] as const),
  ...['itemusage', 'itemusages'].map(name => [name, 'itemUsage'] as const),
  ...['audit', 'audits', 'auditevent', 'auditevents', 'auditlog', 'auditlogs'].map(
    name => [name, 'auditEvents'] as const,
  ),
])

/** Returns the API that a spelling means. */
export const findApi = (spelling: string): Api | undefined =>
  SPELLINGS.get(spelling.toLowerCase().replace(/[-_\s]/g, ''))

const WANTED = `of ${API_NAMES.join(', ')}`

function checkSupportedApis(section: RequestSection, name: string): readonly Api[] | undefined {
  const listed = readMember(section, name)
  if (listed === undefined) return refuse(section, name, `is required: a list ${WANTED}`)
  if (!Array.isArray(listed) || listed.length === 0) {
    return refuse(section, name, `must be a list of at least one ${WANTED}`)
  }
  const apis = listed.map(spelling => (typeof spelling === 'string' ? findApi(spelling) : undefined))
  const unknown = apis.indexOf(undefined)
  if (unknown >= 0) {
    return refuse(section, `${name}[${unknown}]`, `is not known; it must be one ${WANTED}`)
  }
  if (new Set(apis).size < apis.length) {
    return refuse(section, name, 'names an API more than once; name each once')
  }
  return apis.filter(api => api !== undefined)
}

export const SUPPORTED_APIS: Member<readonly Api[], 'refused'> = {
  absence: 'refused',
  schema: {
    type: 'array',
    items: { type: 'string', examples: API_NAMES },
    minItems: 1,
    maxItems: API_NAMES.length,
    description: `Of ${API_NAMES.join(', ')}; other spellings of these are understood.`,
  },
  check: checkSupportedApis,
}
