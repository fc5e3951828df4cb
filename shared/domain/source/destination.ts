import { DESTINATION_KINDS, type DestinationKind } from '../../contract/destinations.ts'
import { findSumoLogicUrlFault } from '../destination/destination-url.ts'
import { findSumoLogicFault } from '../destination/sumologic.ts'
import { TOKEN_MASK } from './api-token.ts'
import {
  type FieldFault,
  type RequestSection,
  readMember,
  refuse,
  refuseUnknown,
  shownName,
  subsection,
} from './request-section.ts'
import type { Member } from './shape.ts'
import type { DestinationSetting, Fields, LakeDestination, OutsideDestination } from './source.ts'

/** Which destinations beside the lake a deployment has. */
export interface DestinationRules {
  readonly kinds: readonly DestinationKind[]
  /** The setting destinationHosts. */
  readonly hosts: readonly string[]
}

/** A destination whose URL is to be stored. */
export interface NewDestination {
  readonly type: DestinationKind
  readonly lake: boolean
  readonly url: string
}

/** What a request wants: the lake alone, a destination with the secret that is stored already, or another URL. */
export type WantedDestination = DestinationSetting | NewDestination

export interface DestinationContext {
  readonly destinations: DestinationRules
  readonly current?: { readonly destination: DestinationSetting }
}

const LAKE: LakeDestination = { type: 'lake' }

type Type = DestinationSetting['type']

/** A kind that is stored already stays valid, also if the stack is deployed without it now. */
function checkType(section: RequestSection, { destinations, current }: DestinationContext): Type | undefined {
  const known = new Set<string>(['lake', ...destinations.kinds])
  if (current) known.add(current.destination.type)
  const given = readMember(section, 'type')
  if (typeof given === 'string' && known.has(given)) return given as Type
  const kind = DESTINATION_KINDS.find(each => each === given)
  return kind
    ? refuse(section, 'type', `needs a deployment with the setting destinations=${kind}`)
    : refuse(section, 'type', `must be one of ${[...known].join(', ')}`)
}

function checkLake(section: RequestSection): boolean {
  const given = readMember(section, 'lake')
  if (given === undefined) return true
  if (typeof given !== 'boolean') refuse(section, 'lake', 'must be true or false')
  return given === true
}

const isMask = (url: unknown): boolean => typeof url === 'string' && /^\*+$/.test(url)

/** Returns the URL to store. Undefined without a fault: the stored one stays. */
function checkUrl(
  section: RequestSection,
  stored: OutsideDestination | undefined,
  { hosts }: DestinationRules,
): string | undefined {
  const given = readMember(section, 'url')
  if (stored && (given === undefined || given === TOKEN_MASK)) return undefined
  if (given === undefined || given === '')
    return refuse(section, 'url', 'is required: the address of the HTTP Source')
  if (typeof given !== 'string') return refuse(section, 'url', 'must be a string')
  if (isMask(given)) return refuse(section, 'url', 'is the mask that answers show; give the URL itself')
  const url = given.trim()
  const fault = findSumoLogicUrlFault(url, hosts)
  return fault === undefined ? url : refuse(section, 'url', fault)
}

function checkOutside(
  section: RequestSection,
  type: DestinationKind,
  { destinations, current }: DestinationContext,
): WantedDestination {
  refuseUnknown(section, ['type', 'url', 'lake'])
  const lake = checkLake(section)
  const stored = current?.destination.type === type ? current.destination : undefined
  const url = checkUrl(section, stored, destinations)
  return url === undefined && stored ? { ...stored, lake } : { type, lake, url: url ?? '' }
}

function check(
  section: RequestSection,
  name: string,
  context: DestinationContext,
): WantedDestination | undefined {
  const inner = subsection(section, name)
  if (!inner) return context.current?.destination ?? LAKE
  const type = checkType(inner, context)
  if (type !== undefined && type !== 'lake') return checkOutside(inner, type, context)
  if (type === 'lake') refuseUnknown(inner, ['type'])
  return LAKE
}

/** Where a collector's events go, our extension. A client that does not know it leaves it out: it then stays as it is. */
export const DESTINATION: Member<WantedDestination, 'default', DestinationContext> = {
  absence: 'default',
  schema: {
    type: 'object',
    properties: {
      type: {
        enum: ['lake', ...DESTINATION_KINDS],
        description: 'lake: the S3 bucket of the stack alone. sumologic: a Sumo Logic HTTP Source, too.',
      },
      url: {
        type: 'string',
        maxLength: 2048,
        writeOnly: true,
        description: 'The address of the HTTP Source. Left out, or ********: the present one stays.',
      },
      lake: {
        type: ['boolean', 'null'],
        default: true,
        description: 'Whether the events are in the lake, too. Not with lake.',
      },
    },
    required: ['type'],
    additionalProperties: false,
    description: 'Our extension. Left out, it is the lake, or stays what it is.',
  },
  check,
}

/** Returns a fault for each field that the destination cannot take. `path`: where the fields stand in the request. */
export function findFieldFaults(
  { type }: Pick<WantedDestination, 'type'>,
  fields: Fields,
  path: string,
): FieldFault[] {
  if (type === 'lake') return []
  return Object.entries(fields).flatMap(([name, value]) => {
    const fault = findSumoLogicFault(name, value)
    return fault ? [{ field: `${path}.${shownName(name)}`, message: `${fault}, for Sumo Logic` }] : []
  })
}
