import { memberOf, type RequestSection, refuse, refuseUnknown, subsection } from './request-section.ts'
import type { Destination } from './source.ts'

const KINDS: readonly Destination['type'][] = ['lake']

const DEFAULT: Destination = { type: 'lake' }

/** Where a collector's events go, our extension. Clients that do not know it leave it out: then it stays what it is. */
export function checkDestination(section: RequestSection, current: Destination = DEFAULT): Destination {
  const destination = subsection(section, 'destination')
  if (!destination) return current
  refuseUnknown(destination, ['type'])
  const given = memberOf(destination, 'type')
  const type = KINDS.find(kind => kind === given)
  if (type === undefined) refuse(destination, 'type', `must be one of ${KINDS.join(', ')}`)
  return type === undefined ? current : { type }
}
