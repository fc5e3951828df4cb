import { MAX_HEALTH_RESOURCES } from '../../contract/limits.ts'
import { isJsonObject, readMember, refuse } from '../source/request-section.ts'
import { checkMembers, type Member, required, shapeSchema } from '../source/shape.ts'
import { choice } from '../source/text-setting.ts'

/** The original reports the health of these. Ours have the type Source. */
const RESOURCE_TYPES = [
  'Collector',
  'Source',
  'IngestBudget',
  'Organisation',
  'LogsToMetricsRule',
  'ScheduledView',
] as const

const ID = required({
  schema: { type: 'string', pattern: '^[0-9A-Fa-f]{1,16}$', description: 'As in resourceIdentity.' },
  read: id => (typeof id === 'string' && /^[0-9A-F]{1,16}$/i.test(id) ? id : undefined),
  wanted: 'must be the id of a resourceIdentity: up to 16 hex digits',
})

const RESOURCE = { id: ID, type: choice(RESOURCE_TYPES, 'Sources alone have health events here.') }

/** The ids of the sources among the resources that a request names. */
const SOURCE_IDS: Member<ReadonlySet<number>, 'refused'> = {
  absence: 'refused',
  schema: { type: 'array', items: shapeSchema(RESOURCE), minItems: 1, maxItems: MAX_HEALTH_RESOURCES },
  check: (section, name) => {
    const data = readMember(section, name)
    if (!Array.isArray(data) || data.length < 1 || data.length > MAX_HEALTH_RESOURCES) {
      return refuse(section, name, `must be a list of 1 to ${MAX_HEALTH_RESOURCES} resources`)
    }
    const resources = data.map((given: unknown, i) => {
      const values = isJsonObject(given) ? given : {}
      return checkMembers({ path: `data[${i}]`, values, faults: section.faults }, RESOURCE, undefined)
    })
    const sources = resources.filter(({ type }) => type === 'Source')
    return new Set(sources.map(({ id }) => Number.parseInt(id, 16)))
  },
}

export const HEALTH_RESOURCES = { data: SOURCE_IDS }
